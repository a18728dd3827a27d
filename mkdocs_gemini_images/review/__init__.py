"""What a change does to a site's pictures: the site at a commit, beside the site in this folder.

It may import `reports` and all packages below. Begin with `review_of_site.py`, the story of one
review; `changes.py` says what counts as a change, and `comment.py`, `page.py`, `sheet.py` and
`review_json.py` write it. Git is asked in `git_objects.py` alone. Nothing here changes a site.
"""
