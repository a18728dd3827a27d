"""Files that are written whole or not at all, and read only where they are regular files.

Begin with `atomic_files.py`. `write_together.py` writes several files, or none; `regular_files.py`
reads what others may have put there.
"""
