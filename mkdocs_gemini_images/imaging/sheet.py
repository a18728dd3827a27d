"""Draw one PNG with many pictures, each before and after, and a few words below it.

In: cells with small pictures. Out: the PNG's bytes. The font is Pillow's own, which has the letters
of Latin scripts. Others are written as their numbers, such as `\\u4f60`, and a line says so.
"""

import io
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageDraw, ImageFont

_PICTURE = (300, 200)
_GAP, _MARGIN, _LINE = 24, 40, 22
_COLUMNS = 2
_PAPER, _WELL, _INK, _SOFT = "#f8f6f1", "#e9e5db", "#1e1c18", "#665f53"
_TITLE_SIZE, _TEXT_SIZE = 30, 15
_Font = ImageFont.ImageFont | ImageFont.FreeTypeFont
_PLAIN = {
    "–": "-", "—": "-", "×": "x", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae",
    "Æ": "AE", "œ": "oe", "Œ": "OE", "đ": "d", "ı": "i",
}  # fmt: skip
"""Letters of Latin scripts, and marks, that have no decomposition."""
_NOT_A_CHARACTER = "\uffff"


@dataclass(frozen=True, slots=True)
class SheetCell:
    """One change: its small pictures, or words in their places, and what it is."""

    before: bytes | str
    after: bytes | str
    title: str
    text: str


def draw_sheet(cells: Iterable[SheetCell], count: int, title: str, end: str = "") -> bytes:
    """Return a PNG with `count` cells below a title; `end` is the line below them."""
    wide = 2 * _PICTURE[0] + 4
    high = _PICTURE[1] + 3 * _LINE + _GAP
    rows = -(-count // _COLUMNS)
    columns = min(_COLUMNS, max(1, count))
    width = max(2 * _MARGIN + columns * wide + (columns - 1) * _GAP, 900)
    top = _MARGIN + 2 * _TITLE_SIZE
    sheet = Image.new("RGB", (width, top + rows * high + _MARGIN + (_LINE if end else 0)), _PAPER)
    pen = ImageDraw.Draw(sheet)
    large, small = ImageFont.load_default(_TITLE_SIZE), ImageFont.load_default(_TEXT_SIZE)
    pen.text((_MARGIN, _MARGIN), _fitting(title, large, width - 2 * _MARGIN), _INK, large)
    for number, cell in enumerate(cells):
        left = _MARGIN + number % _COLUMNS * (wide + _GAP)
        upper = top + number // _COLUMNS * high
        for side, shown in enumerate((cell.before, cell.after)):
            _place(sheet, pen, shown, (left + side * (_PICTURE[0] + 4), upper), small)
        below = upper + _PICTURE[1] + 8
        pen.text((left, below), _fitting(cell.title, small, wide), _INK, small)
        pen.text((left, below + _LINE), _fitting(cell.text, small, wide), _SOFT, small)
    if end:
        pen.text((_MARGIN, sheet.height - _MARGIN - _LINE), end, _INK, small)
    file = io.BytesIO()
    sheet.save(file, "PNG", optimize=False)
    return file.getvalue()


def _place(
    sheet: Image.Image, pen: ImageDraw.ImageDraw, shown: bytes | str, at: tuple[int, int],
    font: _Font,
) -> None:  # fmt: skip
    """Put a picture into the middle of its place, or words."""
    width, height = _PICTURE
    pen.rectangle((*at, at[0] + width - 1, at[1] + height - 1), _WELL)
    if isinstance(shown, str):
        words = _fitting(shown, font, width - 20)
        pen.text((at[0] + 10, at[1] + height // 2 - _TEXT_SIZE), words, _SOFT, font)
        return
    with Image.open(io.BytesIO(shown), formats=("WEBP",)) as small:
        picture = small.convert("RGBA")
    picture.thumbnail(_PICTURE)
    corner = (at[0] + (width - picture.width) // 2, at[1] + (height - picture.height) // 2)
    sheet.paste(picture, corner, picture)


def _fitting(text: str, font: _Font, width: int) -> str:
    """Return text in letters of the font, cut where a line of `width` pixels ends."""
    text = in_letters_of_the_font(text[:300])[:300]
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text}…"


def in_letters_of_the_font(text: str) -> str:
    """Return text in which characters that the font lacks are replaced.

    One with a form in Latin letters has that form, such as a wide letter; another has its number.
    """
    return "".join(each if _is_drawn(each) else _replaced(each) for each in text)


def _replaced(character: str) -> str:
    plain = _PLAIN.get(character) or unicodedata.normalize("NFKD", character)
    kept = "".join(each for each in plain if not unicodedata.combining(each))
    if kept and all(_is_drawn(each) for each in kept):
        return kept
    return character.encode("ascii", "backslashreplace").decode()


@cache
def _is_drawn(character: str) -> bool:
    """Whether the font has a character of its own for it."""
    font = ImageFont.load_default(_TEXT_SIZE)
    box = bytes(font.getmask(_NOT_A_CHARACTER))
    return character.isspace() or bytes(font.getmask(character)) != box
