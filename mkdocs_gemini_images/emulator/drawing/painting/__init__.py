"""The means of painting: canvas, shapes, colours, textures, techniques and seeded randomness.

Nothing here knows what an image shows. It imports Pillow and nothing else of the emulator.
Begin with `canvas`.
"""
