"""The cache of published files: a database of variants, and files that are linked into sites.

What is in it can be made again, so damage empties it. Begin with `variant_cache.py`.
"""
