"""The commands that fill the stock and clean it: draw, adopt, accept, prune, sync.

Only these buy pictures, or write or delete what a site owns. Begin with `draw.py`.
"""
