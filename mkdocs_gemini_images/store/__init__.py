"""The pictures that a site owns: their records, where they are kept, and how they are looked up.

May import `requests`, `models`, `config` and `core`. Begin with `store.py`, the interface that the
build uses; `folder.py` and `buckets/` implement it. `pairs.py` has the two files of each picture,
and `lookup.py` says what a site already has for one request.
"""
