"""The command line `gemini-images`: one module per command, or per family of commands.

It may import every other package. Start with `main.py`, which names the commands in their order.
`stock/` has those that change pictures, `pages/` those that change pages, `reports/` those that
change nothing. `conventions.py` holds what they share, and `host_build.py` runs the site's own
build for them. A command imports what it needs when it runs, so that `--help` and completion stay
fast.
"""
