"""The isometric scene: small islands of blocks, seen from above at an angle.

`islands` lays the scene out, `block_island` projects and paints blocks, `buildings` stacks them.
"""
