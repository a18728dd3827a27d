"""`gemini-images mcp`: the commands as tools of an assistant, over the Model Context Protocol.

Begin with `server.py`, the only module that knows the protocol. `arguments.py` says what each tool
takes, `tools.py` lists the tools, and `site.py` carries them out by the functions of the command
line. `account.py` holds all drawings of one run against the limits; `proposals.py` keeps directives
that are proposed and not written; `answers.py` bounds what a tool returns.
"""
