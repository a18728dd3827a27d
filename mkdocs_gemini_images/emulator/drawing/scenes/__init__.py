"""The scenes an image can show, a module each: `draw_NAME(canvas, scene)`.

A canvas and a `SceneDescription` go in, the canvas is painted. Outdoor scenes are in
`landscapes/`, the isometric one in `isometric/`. It imports `painting` and `subjects`.
"""
