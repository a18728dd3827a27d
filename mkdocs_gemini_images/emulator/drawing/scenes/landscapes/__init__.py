"""Scenes with a horizon: layers are painted from the sky to the foreground.

`sky` chooses the viewpoint that a scene is built around; `terrain` holds what scenes of land
share. Begin with `hills`.
"""
