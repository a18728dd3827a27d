"""`gemini-images mcp`: the commands as tools of an assistant, over the Model Context Protocol.

Begin with `tool_server.py`, the only module that knows the protocol. `tool_arguments.py` says what
each tool takes, `tools.py` lists the tools, and `tool_site.py` carries them out by the functions of
the command line. `session_account.py` holds all drawings of one run against the limits;
`page_proposals.py` keeps directives that are proposed and not written; `tool_answers.py` bounds
what a tool returns.
"""
