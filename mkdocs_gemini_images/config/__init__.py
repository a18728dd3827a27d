"""The options of `mkdocs.yml`, validated and turned into `Settings`.

Imports `directives`, `models` and `core`. Begin reading in `options` (what a site's owner may
write), then `reading` (how it becomes the values of `settings`).
"""
