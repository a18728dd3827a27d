"""What is said about a finished build: to the log, on the terminal, and on generated pages.

It may import `sources`, `build` and all packages below. Start with `survey.py` (the rows of
`gemini-images plan`) and `site_survey.py`, which makes them from a build; `doctor/` examines a
site's set-up, `review/` compares two revisions. No report changes a site.
"""
