"""Making the files that are published: against eleventy-img, at equal likeness and equal weight.

Ours is a build whose pictures are in stock and whose variants are not, counted from inside: reading
and checking originals, encoding, writing and keeping are all in it. Theirs is eleventy-img with its
defaults. A shorter time counts only where SSIM is not lower and no more than 5 % of bytes differ.
"""

import shutil
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks import pictures
from benchmarks.bench import Account, Bench, cpu, inside, ratio, seconds, turns
from benchmarks.eleventy import eleventy
from benchmarks.figure import Figure, at_most
from benchmarks.inside import OURS
from benchmarks.likeness import ssim
from benchmarks.sites import Site

_SIZE = (1376, 768)
_WIDTHS = (480, 960, 1376)


def encoding(bench: Bench) -> Figure:
    """PNG of 1K, drawings and textures, into three widths of WebP and AVIF."""
    n = bench.of(50)
    made = [
        (pictures.drawing if i % 2 else pictures.textured)(bench.work / f"mixed/{i}.png", i, _SIZE)
        for i in range(n)
    ]
    site, formats = _site(bench, n, made)

    def ours() -> Account:
        for name in (".cache", "site"):
            shutil.rmtree(site.root / name, ignore_errors=True)
        return bench.build(site)

    found = turns(
        {"ours": ours, "theirs": lambda: eleventy(bench, made, formats, _WIDTHS)}, bench.rounds(3)
    )
    theirs = Path(found["theirs"][-1]["output"])
    mine = site.root / "site" / "assets" / "gemini"
    said, fair = [], formats == ("avif", "webp")
    for format in formats:
        one = _looks(made, lambda i, w, f=format: next(mine.glob(f"p{i}-*-{w}.{f}")))
        two = _looks(made, lambda i, w, f=format: theirs / f"{i}-{w}.{f}")
        # A difference in the fourth digit is nothing that anybody sees.
        fair &= one[0] >= two[0] - 0.0005 and one[1] <= two[1] * 1.05
        said.append(
            f"{format}: SSIM {one[0]:.4f} against {two[0]:.4f}, bytes {one[1] / two[1]:.2f}"
        )
    if formats != ("avif", "webp"):
        said.append("AVIF is not made")
    return at_most(
        f"{n} PNG of 1K into three widths of {' + '.join(formats)} / eleventy-img",
        ratio(found["ours"], found["theirs"], inside(), seconds), 0.5,
        cpu=ratio(found["ours"], found["theirs"], cpu, cpu), also=fair, beside="; ".join(said),
    )  # fmt: skip


def _site(bench: Bench, n: int, made: list[Path]) -> tuple[Site, tuple[str, ...]]:
    """Make the site, with both formats where this version has them."""
    options: dict[str, Any] = {"widths": list(_WIDTHS)}
    for formats in (("avif", "webp"), ("webp",)):
        site = Site(
            bench.folder("encoding"), n, n, _named, plugins={OURS: options | {"formats": formats}}
        ).make()
        try:
            bench.stock(site, made)
        except RuntimeError:
            continue
        return site, formats
    raise RuntimeError("neither set of formats is understood")


def _named(n: int) -> str:
    return f"```gemini-image\nprompt: Picture number {n}\nalt: A picture\nid: p{n}\n```"


def _looks(made: list[Path], file: Any) -> tuple[float, int]:
    """Give the mean likeness of all files to their originals, and their bytes together."""
    likeness, weight = 0.0, 0
    for i, path in enumerate(made):
        with Image.open(path) as original:
            whole = original.convert("RGB")
        for width in _WIDTHS:
            with Image.open(file(i, width)) as image:
                scaled = whole.resize(image.size, Image.Resampling.LANCZOS)
                likeness += ssim(scaled, image.convert("RGB"))
            weight += file(i, width).stat().st_size
    return likeness / (len(made) * len(_WIDTHS)), weight
