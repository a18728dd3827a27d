"""MkDocs and ProperDocs: their events, configuration, files and languages.

Begin with `site.py`, which receives the events of one build. `site_resolver.py` answers the
Markdown extension, `site_files.py` registers what is published, and `command_run.py` runs a build
for a command. May import `preview` and everything below it.
"""
