"""Alts that a text model proposes and an author approves.

A picture, the section that it stands in and the page's language become a question; the answer
becomes one line, which is hostile until it is cleaned. Begin with `alt_places.py`, which finds the
alts to look at; `question.py` and `alt_proposal.py` are the two ends of a request, `asking.py`
sends it, and `alt_writer.py` puts what is accepted into pages.
"""
