"""The studio behind the emulator's drawings.

Words come in, a painted picture goes out; each file here holds one thought of
that way: what is asked (`brief`), in which colours (`palette`), with which
hand (`hands`), on which sheet (`canvas`), of what (`figures`, `scenes`).
Nothing here reads the network, the clock or the disk.
"""
