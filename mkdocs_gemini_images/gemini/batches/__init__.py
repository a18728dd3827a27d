"""Batch jobs over HTTP: requests that wait for a day at most, at half the price.

Imports the client, the failures and the readers of answers. Begin reading at job_requests.py, which
makes, finds and collects jobs; job.py is one job as a value, file_uploads.py uploads,
request_lines.py writes the requests, item.py reads one answer of a job.
"""
