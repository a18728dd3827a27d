"""From one stored image to its published files: encoding, caches, provenance metadata.

Also reads the reference images that are sent with a prompt. Imports `store`, `gemini` and the
packages below them. Begin reading in `publisher`; `cache/` keeps what was encoded.
"""
