"""What pages show of images: the whole picture, cuts, echoes, and what comes late; published.

`presentation` decides what a page shows of an image, `shapes` of a cut picture, and `echoes` what
stands for a picture that is shown again by its id. `publishing` writes all of it into the site. It
may import what `build` may. Begin with `shapes.in_shapes`.
"""
