"""The Gemini API: bodies of requests, answers, failures, and the HTTP client.

Imports requests, config, models and core; never the store or the generation. Begin reading at
client.py, then failure_reasons.py; answers/ reads what a server sent.
"""
