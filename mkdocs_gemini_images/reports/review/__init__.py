"""What a change does to a site's pictures: the site at a commit, beside the site in this folder.

Begin with `site_review.py`, the story of one review; `changes.py` says what counts as a change.
`base/` reads the other commit from Git, `output/` writes a review. Nothing here changes a site.
"""
