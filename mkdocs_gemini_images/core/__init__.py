"""What every other package may use: diagnostics, hashing, whole files, threads, image formats.

Imports nothing of the rest of the package. Begin reading in `diagnostics`.
"""
