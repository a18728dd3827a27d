"""How like its original a published file looks: SSIM of the luminance (Wang et al., 2004).

In come two pictures of one size, out goes a number up to 1. The window is a Gaussian of 11 pixels
with a standard deviation of 1.5, the constants are the paper's. Scaled files are held against the
original scaled by the best filter there is, without any encoder's help.
"""

import numpy as np
from PIL import Image

_WINDOW = np.exp(-((np.arange(11) - 5) ** 2) / (2 * 1.5**2))
_WINDOW /= _WINDOW.sum()


def ssim(one: Image.Image, other: Image.Image) -> float:
    """Give the structural similarity of two pictures."""
    a, b = (np.asarray(each.convert("RGB").convert("L"), np.float64) for each in (one, other))
    mean_a, mean_b = _blurred(a), _blurred(b)
    variance_a = _blurred(a * a) - mean_a**2
    variance_b = _blurred(b * b) - mean_b**2
    both = _blurred(a * b) - mean_a * mean_b
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    above = (2 * mean_a * mean_b + c1) * (2 * both + c2)
    below = (mean_a**2 + mean_b**2 + c1) * (variance_a + variance_b + c2)
    return float((above / below).mean())


def _blurred(values: np.ndarray) -> np.ndarray:
    """Blur rows, then columns, without the edges."""
    for axis in (0, 1):
        length = values.shape[axis] - 10
        values = sum(
            weight * values.take(range(at, at + length), axis) for at, weight in enumerate(_WINDOW)
        )
    return values
