"""A stock in an object store, and the local folder that mirrors it.

Begin with `bucket.py`. Only `object_storage.py` and `public_storage.py` reach the network.
"""
