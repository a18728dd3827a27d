"""Requests as the Gemini API reads them: parsed strictly, checked, or refused with its errors.

An HTTP request goes in, an `ImageQuery` comes out, or `RequestRefused` is raised with an
`ApiError`. Nothing here draws or answers. It imports `models` and nothing else of the emulator.
Begin with `image_query`, then `protojson` and `rules`.
"""
