"""A stand-in for Google's Gemini image API: it draws images without cost, and fails on demand.

`protocol/` reads and checks requests, `answers/` builds responses, `drawing/` draws the images;
`scenarios` names the faults that can be asked for. Begin with `app`: `create_app` makes the
application, `http_server` serves it, `request_log` records what was asked and what it would cost.
It imports `models` and `core`; `app` and `http_server` need the extra `emulator`.
"""
