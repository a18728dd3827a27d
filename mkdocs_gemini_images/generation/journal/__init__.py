"""The journal: what is under way, on disk, until its picture is in stock.

Begin reading at location.py (where it lies) and intent.py (what is about to be sent), then entry.py
(its files), journal.py (all of them) and recovery.py (what becomes of an answer that an earlier
build left).
"""
