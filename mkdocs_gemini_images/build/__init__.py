"""One build of a site: collect images, plan and draw what is missing, publish, correct pages.

Begin with `site_build.py`, which has the steps in their order; `finish.py` has those after the
barrier, and `site_image.py` is one image of a build. Knows no host. May import `markdown`,
`generation` and everything below them.
"""
