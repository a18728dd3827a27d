"""Batch jobs and files of the emulator: many requests at once, answered later at half the price.

`app` passes the requests of these paths to `job_routes` and `file_routes`. `batch` is one job and
its states, `job_input` makes its items from what was sent, `job_json` its answers and its JSON,
`stored_files` the files; `job_scenarios` names what may happen to a job. It imports the rest of the
emulator, apart from `app`.
"""
