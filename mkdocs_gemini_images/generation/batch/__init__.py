"""The batch lane: pictures that may wait, ordered as batch jobs at half the price.

Imports what generation/ imports. A person's order goes out in rounds, each as one or more jobs; a
job's record is durable before anything is sent, and each answer before the next one is read. Begin
reading at batch_job.py (what is on disk), then ordering.py and collector.py; rounds.py and
job_outcome.py decide, and are pure. lane.py is what the generator sees.
"""
