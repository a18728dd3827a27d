"""Set a site up: its configuration, an example page, and what Git is told of the stock.

Begin with `setup_proposal.py`, which looks at a project and returns the new texts of its files.
`mkdocs_yaml.py` and `zensical_toml.py` change one configuration, text to text; `yaml_document.py`
and `yaml_insertion.py` put lines into YAML and leave every other byte as it is. No configuration is
loaded: nothing that it names is imported or run.
"""
