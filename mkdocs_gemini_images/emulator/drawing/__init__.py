"""Draws an image from the words of a prompt: the same words always give the same bytes.

`prompt_reading` turns words into a `SceneDescription`, `scenes/` lays it out, `subjects/` holds
the figures, `painting/` the canvas, the colours and the techniques. Begin with `renderer`.
Nothing here reads the network, the clock or the disk; it imports Pillow alone.
"""
