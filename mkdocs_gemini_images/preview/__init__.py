"""The live preview: a panel on each page that draws, shows and picks images while a site is served.

Begin with `web_server.py`, which answers HTTP requests that `request_guard.py` lets through.
`controller.py` keeps the state between builds, `press_queue.py` draws what is pressed within the
session's limits, `snapshot.py` holds the images of one finished build, and `panel.py` describes one
image for the panel, whose labels are in `static/panel.js`. May import `sources`, `build` and
everything below them; it knows no host.
"""
