"""Zensical: one page of its build, its whole site for a command, and its preview.

Zensical runs no plugin, only Markdown extensions. Begin with `pages.py`, which the extension asks
for the host of a page: `page.py` for `zensical build`, `command_page.py` for a command.
`project.py` reads the configuration, and `scratch_site.py` lets Zensical build a site without
touching the site's folders. Zensical is optional: only functions import it. May import `preview`
and everything below it.
"""
