"""The programs that run the Markdown extension: MkDocs and ProperDocs, and Zensical.

Begin with `mkdocs/site.py`, one build under MkDocs. `zensical/page.py` is one page under Zensical,
which runs no plugin. A further host is a folder beside these two, and `host_choice.py` chooses it.
`setup/` writes into the configurations of all three. Only this package, `plugin.py` and `cli` know
a host. May import `preview` and everything below it.
"""
