"""The journal: what is under way, on disk, until its picture is in stock.

Begin reading at intent.py (what is about to be sent), then journal.py (where it is kept) and
recovery.py (what becomes of an answer that an earlier build left).
"""
