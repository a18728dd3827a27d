"""One build of a site: collect images, plan and draw what is missing, publish, correct pages.

Begin with `site_build.py`, which has the steps in their order; `finish.py` has those after the
barrier, `site_image.py` is one image of a build. `collecting/` is what happens while pages render,
`showing/` what pages get, `whole_site/` the builds of one command together, and `messages/` what a
build says. Knows no host. May import `markdown`, `generation` and everything below them.
"""
