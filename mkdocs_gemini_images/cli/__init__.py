"""The command line `gemini-images`: one module per command, or per family of commands.

It may import every other package. Start with `main.py`, which names the commands in their order.
`pictures/` has those that change pictures, `pages/` those that change pages, `reports/` those that
change nothing. `mcp_server/` has them as tools of an assistant. `conventions.py` holds what they
share, and `host_build.py` runs the site's own build for them. A command imports what it needs when
it runs, so that `--help` and completion stay fast.
"""
