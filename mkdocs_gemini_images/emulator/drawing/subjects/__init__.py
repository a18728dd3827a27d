"""The figures an image can show, as tables of shapes, and how they are put on a canvas.

It imports `painting` and `prompt_reading`. Begin with `figures`, then `composition`.
"""
