"""The figures an image can show, as tables of shapes.

A figure is a list of parts, back to front, in a frame whose base is at (0, 0), with y upwards and
a height of about 100. A part has a tone, a kind of shape, a width if it is a stroke, and points.
The tables are parsed at import.
"""

from __future__ import annotations

from dataclasses import dataclass

from mkdocs_gemini_images.emulator.drawing.painting.geometry import Point
from mkdocs_gemini_images.emulator.drawing.subjects.objects import OBJECTS


@dataclass(frozen=True, slots=True)
class FigurePart:
    """One part of a figure: a shape in one tone."""

    tone: str
    kind: str
    weight: float
    points: tuple[Point, ...]


_SCENIC = {
    "lighthouse": """
        shade box 12,0 44,17
        accent poly 8,17 48,17 43,27 14,27
        light box 26,5 33,12
        pale poly -13,0 13,0 8,70 -8,70
        accent poly -12,14 12,14 11,28 -11,28
        accent poly -10,42 10,42 9,56 -9,56
        veil poly 3,0 13,0 8,70 2.5,70
        dark box -3.4,0 3.4,9
        dark box -1.8,32 1.8,38
        dark box -11,70 11,73
        light box -6.5,73 6.5,85
        dark line:1.1 -6.5,73 -6.5,85
        dark line:1.1 0,73 0,85
        dark line:1.1 6.5,73 6.5,85
        dark line:0.9 -10.5,77 10.5,77
        accent poly -9,85 9,85 6,91 0,95 -6,91
        dark line:1 0,94 0,101
        """,
    "sailboat": """
        pale poly 3,20 3,96 14,80 26,58 36,36 42,20
        veil poly 3,20 3,34 37,34 42,20
        second poly -3,22 -3,84 -14,62 -24,40 -31,22
        dark line:1.6 0,12 0,99
        accent poly 0,100 0,94 13,97
        accent poly -42,15 47,15 40,6 33,0 -27,0 -37,7
        veil poly -39,10 44,10 40,6 33,0 -27,0 -37,7
        pale box -42,13.5 47,16
        """,
    "trawler": """
        dark line:1.8 -22,30 -22,92
        dark line:1.2 -22,88 -58,34
        dark line:1.2 -22,88 22,62
        dark line:1.2 30,60 30,82
        pale box 6,30 38,62
        accent box 2,60 42,66
        light box 11,46 19,55
        light box 24,46 32,55
        second box -50,28 -34,38
        accent poly -70,40 -58,28 52,28 66,38 54,0 -52,0
        veil poly -63,14 60,14 54,0 -52,0
        pale poly -70,40 -58,28 52,28 66,38 65,33 52,23 -57,23 -68,35
        """,
    "paperboat": """
        pale poly 0,100 -38,26 38,26
        veil poly 0,100 0,26 38,26
        pale poly -80,54 -30,27 0,20 30,27 80,54 44,0 -44,0
        veil poly 0,20 30,27 80,54 44,0 0,0
        """,
    "fox": """
        accent blob 10,3 32,0 52,8 60,26 54,44 44,50 42,36 36,22 18,16
        pale blob 60,26 54,46 43,51 42,38 50,30
        accent blob -24,3 -22,26 -14,46 0,52 14,46 22,26 24,3 0,0
        pale blob -9,9 -10,30 0,44 10,30 9,9 0,5
        shade disc -12,3 8,4.5
        shade disc 12,3 8,4.5
        accent poly -29,99 -30,66 -6,79
        accent poly 29,99 30,66 6,79
        shade poly -25,91 -25,73 -13,78
        shade poly 25,91 25,73 13,78
        accent blob -34,58 -24,74 0,82 24,74 34,58 16,47 0,40 -16,47
        pale blob -33,58 -18,62 -6,54 0,40 -15,47
        pale blob 33,58 18,62 6,54 0,40 15,47
        dark disc 0,42 3.6,3
        dark curve:1.8 -15,65 -11,62.6 -7,65
        dark curve:1.8 7,65 11,62.6 15,65
        """,
    "cat": """
        shade curve:7 16,4 38,4 46,18 40,32 46,42
        shade blob -22,3 -21,26 -13,46 0,52 13,46 21,26 22,3 0,0
        veil blob -8,2 -9,26 0,38 9,26 8,2
        shade poly -25,97 -27,66 -5,78
        shade poly 25,97 27,66 5,78
        accent poly -21,89 -22,74 -11,78
        accent poly 21,89 22,74 11,78
        shade blob -30,62 -22,77 0,81 22,77 30,62 18,47 0,43 -18,47
        light disc -11,63 4.4,5
        light disc 11,63 4.4,5
        dark disc -11,63 1.5,4.4
        dark disc 11,63 1.5,4.4
        accent disc 0,54 2.6,2
        """,
    "owl": """
        shade blob -27,20 -29,60 -24,84 0,92 24,84 29,60 27,20 0,2
        shade poly -27,99 -25,78 -7,88
        shade poly 27,99 25,78 7,88
        second blob -16,18 -17,44 0,54 17,44 16,18 0,8
        accent poly -29,62 -20,58 -17,28 -24,20
        accent poly 29,62 20,58 17,28 24,20
        pale disc -11.5,70 11.5,11.5
        pale disc 11.5,70 11.5,11.5
        dark disc -10,70 5.4,5.4
        dark disc 10,70 5.4,5.4
        light disc -8.5,72 1.6,1.6
        light disc 11.5,72 1.6,1.6
        accent poly -4,66 4,66 0,57
        """,
    "robot": """
        dark line:2 0,92 0,99
        accent disc 0,100 3.6,3.6
        dark box -5,58 5,68
        dark box -29,74 29,84
        pale box -24,65 24,93
        dark box -18,70 18,88
        light disc -8,79 3.2,4.4
        light disc 8,79 3.2,4.4
        shade line:5 -24,54 -35,44 -31,33
        shade line:5 24,54 35,44 31,33
        dark disc -31,32 4.5,4.5
        dark disc 31,32 4.5,4.5
        shade box -16,4 -7,24
        shade box 7,4 16,24
        dark box -21,0 -3,7
        dark box 3,0 21,7
        accent box -25,21 25,61
        veil poly 8,21 25,21 25,61 14,61
        pale box -14,32 14,53
        second disc -6,43 4.6,4.6
        dark line:1.4 3,47 10,47
        dark line:1.4 3,43 10,43
        dark line:1.4 3,39 8,39
        """,
    "person": """
        dark line:7 -6,2 -5,34
        dark line:7 6,2 5,34
        accent blob -17,24 -14,54 -9,72 0,75 9,72 14,54 17,24 0,21
        veil poly 2,23 16,25 14,54 9,71 4,73
        accent line:6.5 -11,66 -18,52 -8,46
        accent line:6.5 11,66 18,52 8,46
        skin disc 0,83 8,9
        dark blob -9,86 -8,94 0,97 8,94 9,86 0,88
        dark line:2.6 -12,87 12,87
        """,
    "house": """
        dark box 14,70 24,96
        pale box -34,0 34,48
        veil poly 8,0 34,0 34,48 8,48
        accent poly -42,46 0,88 42,46
        veil poly 8,46 8,80 42,46
        dark box -7,0 7,24
        light box -26,18 -14,34
        light box 14,18 26,34
        light disc 0,58 6,6
        """,
    "observatory": """
        shade box 24,0 62,26
        dark box 21,25 65,29
        light box 32,8 38,17
        light box 46,8 52,17
        pale box -32,0 32,44
        veil poly 10,0 32,0 32,44 10,44
        dark box -36,43 36,49
        dome half 0,49 33,40
        veil poly 12,49 33,49 30,66 22,79 14,85
        dark poly -19,49 -8,49 4,89 -6,89
        second line:6 -12,66 -34,94
        pale line:7.5 -29,88 -36,97
        dark box -6,0 6,19
        light box -24,18 -17,28
        light box 17,18 24,28
        """,
    "balloon": """
        dark line:0.8 -22,42 -6,13
        dark line:0.8 22,42 6,13
        accent blob 0,100 -28,90 -36,68 -26,46 -9,33 9,33 26,46 36,68 28,90
        pale blob 0,100 -13,88 -17,68 -12,48 -4,33 4,33 12,48 17,68 13,88
        second blob 0,100 -5,86 -6,68 -4,48 -1,33 1,33 4,48 6,68 5,86
        veil blob 4,99 28,90 36,68 26,46 9,33 22,52 26,70 20,88
        wood box -7,2 7,14
        """,
    "rocket": """
        light blob -7,12 -10,2 0,-22 10,2 7,12
        accent poly -14,46 -31,12 -12,18
        accent poly 14,46 31,12 12,18
        pale blob -11,14 -17,44 -12,76 0,101 12,76 17,44 11,14
        veil blob 3,15 11,14 17,44 12,76 2,99 9,72 10,44
        accent poly -11,79 0,102 11,79
        dark disc 0,60 8,8
        light disc 0,60 5.4,5.4
        dark box -10,10 10,16
        """,
    "tree": """
        wood poly -4,0 4,0 2,50 -2,50
        wood line:2.4 0,34 14,52
        leaf blob -30,46 -34,66 -20,90 4,101 28,86 34,62 22,44 0,38
        veil blob 6,40 22,44 34,62 28,86 8,98 18,74 16,54
        """,
}


def _part(line: str) -> FigurePart:
    tone, kind, *numbers = line.split()
    name, _, weight = kind.partition(":")
    pairs = (pair.split(",") for pair in numbers)
    return FigurePart(tone, name, float(weight or 0), tuple((float(x), float(y)) for x, y in pairs))


FIGURES: dict[str, tuple[FigurePart, ...]] = {
    name: tuple(_part(line.strip()) for line in table.strip().splitlines())
    for name, table in {**_SCENIC, **OBJECTS}.items()
}
