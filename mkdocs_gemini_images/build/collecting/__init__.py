"""While pages render: each directive becomes an image of the site, with its ids and its languages.

May import what `build` may. Begin with `collection.Collection`.
"""
