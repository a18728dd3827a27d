"""A stock in an object store, and the local folder that mirrors it.

Begin with `bucket.py`; `local_folders.py` names what lies on this machine. Only `object_storage.py`
and `public_storage.py` reach the network.
"""
