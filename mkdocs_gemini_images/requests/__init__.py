"""Exact requests for images: what is sent, under which key, built on what, and at which cost.

May import `config`, `directives`, `models` and `core`. Everything here is pure. Begin with
`request.py`, which defines a request and its key; `resolved_image.py` makes requests from a
directive, `dependencies.py` resolves references by id, and `planning.py` decides what is bought.
"""
