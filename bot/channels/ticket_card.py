"""Draws the picture of a ticket: the code for the counter's reader, and under it in words what it stands for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple

import structlog

from bot.channels.code_picture import NO_FILTER, code_rows, png, qr, white

if TYPE_CHECKING:
    from PIL import ImageFont

log = structlog.get_logger(__name__)

FONTS: Final = Path(__file__).parent / "fonts"
"""Laid there by scripts/copy_frontend.py: whole files, since the pages' hold letters and «:», «-», «.» apart."""
REGULAR: Final = "Vazirmatn-Regular.ttf"
BOLD: Final = "Vazirmatn-Bold.ttf"

WIDTH: Final = 800
EDGE: Final = 48
"""White pixels to the left and to the right of the words, at least."""
BELOW: Final = 40
PIXELS_A_MODULE: Final = 14
SIZE: Final = 40
LARGE_SIZE: Final = 54
"""Pixels of letters."""
GAP: Final = 10
"""Pixels between two things that the picture says, beside what the font leaves between rows."""
MOST_ROWS: Final = 3
"""What one thing takes at most; longer ones are cut, with «…»."""
KEPT: Final = 100
"""So many drawn things are kept, some 7 kB a row of words: services, offices, days and times come again."""

_ENDING: Final = "…"
_OPENING: Final = "\u2066\u2067\u2068"
_CLOSING: Final = "\u2069"
_UNDRAWN: Final = ("So", "Sk", "Cn", "Co", "Cs", "Cc")
"""Kinds of characters, such as emoji, for which the font has an empty box."""


class CardLine(NamedTuple):
    """One thing that the picture says, with the marks of direction that the language gives it."""

    text: str
    is_large: bool = False
    is_of_one: bool = False
    """True = it is of one ticket alone: its drawing is not kept."""


class TicketCard(NamedTuple):
    """What a picture shows: a code, and below it words, in order."""

    code: str
    lines: tuple[CardLine, ...] = ()


def missing(*, fonts: Path = FONTS) -> str:
    """What prevents drawing letters here, for the operator; "" = nothing does."""
    try:
        from PIL import features
    except ImportError as error:
        return f"Pillow cannot be loaded ({error})"
    if not features.check("raqm") or not features.check("fribidi"):
        return "the library FriBiDi is missing (on Debian: apt-get install libfribidi0)"
    if absent := [name for name in (REGULAR, BOLD) if not (fonts / name).is_file()]:
        return f"{' and '.join(absent)} missing in {fonts} (make install brings them)"
    return ""


def drawn(card: TicketCard, *, fonts: Path = FONTS) -> bytes:
    """The picture as PNG; the code alone where letters cannot be drawn. Takes milliseconds: not for the event loop."""
    if not card.lines or missing(fonts=fonts):
        return qr(card.code)
    try:
        return with_words(card, fonts=fonts)
    except Exception as error:  # a ticket without words is better than none
        log.error("the words of a ticket could not be drawn", error=type(error).__name__)
        return qr(card.code)


def with_words(card: TicketCard, *, fonts: Path = FONTS) -> bytes:
    """The picture with its words, as high as they need."""
    rows = code_rows(card.code, pixels=PIXELS_A_MODULE, width=WIDTH)
    for line in card.lines:
        rows += _pixels(line, fonts) if line.is_of_one else _kept(line, fonts)
    return png(WIDTH, rows + [white(WIDTH)] * BELOW)


def _pixels(line: CardLine, fonts: Path) -> list[bytes]:
    """One thing that the picture says as rows of pixels, in the middle."""
    from PIL import Image, ImageDraw

    text = "".join(each for each in line.text if unicodedata.category(each) not in _UNDRAWN)
    with _drawing:
        font = _font(fonts / BOLD, LARGE_SIZE) if line.is_large else _font(fonts / REGULAR, SIZE)
        rows = rows_of(text.split(), font)
        height = sum(font.getmetrics())
        image = Image.new("1", (WIDTH, height * len(rows) + GAP), 1)
        draw = ImageDraw.Draw(image)
        for place, row in enumerate(rows):
            draw.text((WIDTH / 2, height * place), row, 0, font, anchor="ma", direction="rtl", language="fa")
    packed, step = image.tobytes(), (WIDTH + 7) // 8
    return [NO_FILTER + packed[at : at + step] for at in range(0, len(packed), step)]


_kept = lru_cache(maxsize=KEPT)(_pixels)
_drawing = Lock()
"""Fonts are used by one thread at a time."""


@lru_cache(maxsize=4)
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    """A font that stays open: one that was just opened takes longer to shape its first word than all the drawing."""
    from PIL import ImageFont

    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.RAQM)


def rows_of(words: list[str], font: ImageFont.FreeTypeFont) -> list[str]:
    """The words in rows that fit between the edges; the last of MOST_ROWS is cut where it does not hold the rest."""
    rows: list[str] = []
    while words:
        if len(rows) == MOST_ROWS - 1:
            rows.append(_cut(words, font))
            break
        most = next(count for count in range(len(words), -1, -1) if not count or _fits(" ".join(words[:count]), font))
        if most:
            rows.append(" ".join(words[:most]))
            words = words[most:]
        else:  # one word that is longer than a row
            part = _longest(words[0], font)
            rows.append(part)
            words = [words[0][len(part) :], *words[1:]]
    return list(_closed(rows))


def _cut(words: list[str], font: ImageFont.FreeTypeFont) -> str:
    """The words where they fit; else as many as do, for half a number would be another one."""
    if _fits(whole := " ".join(words), font):
        return whole
    for count in range(len(words) - 1, 0, -1):
        if _fits(some := " ".join(words[:count]).rstrip("،,") + _ENDING, font):
            return some
    return _longest(words[0], font, ending=_ENDING) + _ENDING


def _longest(text: str, font: ImageFont.FreeTypeFont, *, ending: str = "") -> str:
    """As much of the beginning as fits, at least a letter."""
    least, most = 1, len(text)
    while least < most:
        middle = (least + most + 1) // 2
        if _fits(text[:middle].rstrip() + ending, font):
            least = middle
        else:
            most = middle - 1
    return text[:least].rstrip()


def _fits(text: str, font: ImageFont.FreeTypeFont) -> bool:
    return font.getlength(text, direction="rtl", language="fa") <= WIDTH - 2 * EDGE


def _closed(rows: list[str]) -> Iterator[str]:
    """Rows in which every mark of direction is closed, and opened again in the next: each is drawn by itself."""
    opened = ""
    for row in rows:
        begun = opened
        for each in row:
            if each in _OPENING:
                opened += each
            elif each == _CLOSING:
                opened = opened[:-1]
        yield begun + row + _CLOSING * len(opened)
