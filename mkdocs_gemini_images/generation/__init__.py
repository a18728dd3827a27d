"""Generation: from a plan to stored pictures, in a way that loses no paid answer.

Imports gemini, store, imaging, requests, config and core; never build or the packages above it.
Begin reading at generator.py, then worker.py; retry_policy.py decides on retries, and journal/
holds what is under way.
"""
