"""The options of a directive: their table, and a reader for each value with a syntax of its own.

Begin with `option_table.py`; a new option is a line there. `mapping.py` reads options from YAML.
"""
