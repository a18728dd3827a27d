"""The builds of one command together: a question for all of them, names, their state, what is left.

May import what `build` may. Begin with `site_group.SiteGroup`.
"""
