"""Responses as the Gemini API writes them, and the ways in which they can be wrong.

An `ImageQuery`, an `AnswerSpec` and encoded images go in, JSON and streams of bytes come out.
Nothing here draws, and nothing knows about HTTP requests. It imports `protocol` and `models`.
Begin with `response_json`.
"""
