"""The pictures that a site owns: their records, where they are kept, and how they are looked up.

May import `requests`, `models`, `config` and `core`. Begin with `store.py`, the interface that the
build uses; `folder.py` and `buckets/` implement it, and `lookup.py` says what a site already has
for one request.
"""
