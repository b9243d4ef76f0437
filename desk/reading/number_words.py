"""Reads whole numbers as people type them: digits of any script, words, or both, together or apart."""

import re
import unicodedata
from fractions import Fraction
from itertools import pairwise
from typing import Final

from desk.reading.folding import fold

_UNITS: Final = {
    "صفر": 0, "یک": 1, "یه": 1, "دو": 2, "سه": 3, "چهار": 4, "چار": 4, "پنج": 5, "شش": 6, "شیش": 6, "هفت": 7,
    "هشت": 8, "نه": 9, "ده": 10, "یازده": 11, "دوازده": 12, "سیزده": 13, "چهارده": 14, "پانزده": 15, "پونزده": 15,
    "شانزده": 16, "شونزده": 16, "هفده": 17, "هجده": 18, "هژده": 18, "نوزده": 19, "بیست": 20, "سی": 30, "چهل": 40,
    "پنجاه": 50, "شصت": 60, "هفتاد": 70, "هشتاد": 80, "نود": 90, "صد": 100, "یکصد": 100, "دویست": 200, "دوصد": 200,
    "سیصد": 300, "سهصد": 300, "چهارصد": 400, "پانصد": 500, "پونصد": 500, "پنجصد": 500, "ششصد": 600, "شیشصد": 600,
    "هفتصد": 700, "هشتصد": 800, "نهصد": 900,
}  # fmt: skip
_ORDINALS: Final = {
    "اول": 1, "یکم": 1, "اولی": 1, "نخست": 1, "دوم": 2, "دومی": 2, "سوم": 3, "سومی": 3, "چهارم": 4, "پنجم": 5,
    "ششم": 6, "هفتم": 7, "هشتم": 8, "نهم": 9, "دهم": 10,
}  # fmt: skip
_MILLION: Final = 1_000_000
_SCALES: Final = {"هزار": 1_000, "میلیون": _MILLION, "ملیون": _MILLION, "میلیارد": 1_000_000_000}
_AND: Final = "و"
_HALF: Final = "نیم"
# Words that say what is counted, and nothing more.
_FILLERS: Final = frozenset(
    ("گزینه", "شماره", "نمبر", "نفر", "تا", "عدد", "دانه", "حدود", "تقریبا", "مورد", "مبلغ", "پول", "بود", "است")
)
TOMAN: Final = frozenset(("تومان", "تومن", "تمن", "تومنی", "toman", "tuman"))
RIAL: Final = frozenset(("ریال", "ریالی", "rial", "irr"))
_KNOWN: Final = frozenset((*_UNITS, *_SCALES, _AND, _HALF, *_FILLERS, *TOMAN, *RIAL))

_GROUPED = re.compile(r"[0-9]{1,3}(?:[٬,،./'’ ][0-9]{3})+", re.ASCII)
_DECIMAL = re.compile(r"([0-9]+)[٫./,]([0-9]{1,2})", re.ASCII)
# One group after a separator that may also be a decimal sign: 1.250 may be a thousand or little more than one.
_UNSURE_GROUP = re.compile(r"[0-9]{1,3}[./][0-9]{3}", re.ASCII)
_PARTS = re.compile(r"[0-9]+(?:[٬,،./'’٫ ]?[0-9]+)*|[^\W\d_]+|\S")
# Characters that do not change the number. A minus, a percent or a dollar does: then it is not only a number.
_SILENT: Final = frozenset(".,،؛;!؟?:«»\"'()[]…#*/\ufe0f")
_LONGEST: Final = 120
_LARGEST: Final = 10**15


def read_number(typed: str) -> int | None:
    """Return the whole number in ``typed``; None when it holds none, several, or anything else.

    Takes digits of any script with or without separators, words («بیست و هفت هزار»), both mixed («۲۷ هزار»), ordinals
    («اول») and the words people put around. A lone «نه» is nine: where it may be "no", compare with "no" first.
    """
    parts = number_parts(typed)
    if parts is None or not RIAL.isdisjoint(parts):
        return None
    return value_of(parts)


def number_parts(typed: str) -> list[str] | None:
    """Return the figures and number words of ``typed``; None when it holds anything else or is far too long.

    Words that are written together are separated («دوهزار»). No word or character that could change the meaning is
    ignored.
    """
    text = fold(typed)
    if len(text) > _LONGEST:
        return None
    parts: list[str] = []
    for part in _PARTS.findall(text):
        if part in _SILENT or unicodedata.category(part[0]) == "So":
            continue
        if part[0].isdecimal() or part in _ORDINALS:
            parts.append(part)
            continue
        words = _parted(part)
        if words is None:
            return None
        parts += words
    return parts


def _parted(word: str) -> list[str] | None:
    """The number words that ``word`` consists of, the longest first; None where it holds anything else."""
    if word in _KNOWN:
        return [word]
    rest: list[list[str] | None] = [None] * len(word) + [[]]
    for start in range(len(word) - 1, -1, -1):
        for end in range(len(word), start, -1):
            after = rest[end]
            if after is not None and word[start:end] in _KNOWN:
                rest[start] = [word[start:end], *after]
                break
    return rest[0]


def value_of(parts: list[str]) -> int | None:
    """Return the whole number of the parts, ignoring units of money and fillers; None when they give none."""
    parts = [part for part in parts if part not in _FILLERS and part not in TOMAN and part not in RIAL]
    if not parts or _AND in (parts[0], parts[-1]):
        return None
    if len(parts) == 1 and parts[0] in _ORDINALS:
        return _ORDINALS[parts[0]]
    total = Fraction(0)
    chunk: Fraction | None = None
    previous_scale = _LARGEST
    for part, following in pairwise([*parts, ""]):
        if part == _AND:
            continue
        if part in _SCALES:
            scale = _SCALES[part]
            if scale >= previous_scale:
                return None
            total += (1 if chunk is None else chunk) * scale
            chunk, previous_scale = None, scale
            continue
        if part == _HALF and not following and chunk is None and _MILLION <= previous_scale < _LARGEST:
            total += Fraction(previous_scale, 2)  # «یک میلیون و نیم»
            continue
        chunk = _grown(chunk, part, following=following)
        if chunk is None:
            return None
    if chunk is not None:
        if total and chunk >= previous_scale:
            return None
        total += chunk
    elif not total:
        return None
    return int(total) if total.denominator == 1 and total < _LARGEST else None


def _grown(chunk: Fraction | None, part: str, *, following: str) -> Fraction | None:
    """The value before the next scale word, with one more part; None where the part does not fit."""
    if part == _HALF:
        return Fraction(1, 2) + (chunk or 0) if following in _SCALES else None  # «یک و نیم میلیون»
    if part == "صد" and chunk is not None and 2 <= chunk <= 9:
        return chunk * 100  # «چهار صد» written apart
    if following in _SCALES and _UNSURE_GROUP.fullmatch(part):
        return None
    figure = _figure(part) if part[0].isdecimal() else _UNITS.get(part)
    if figure is None or (chunk is not None and not _may_follow(chunk, figure)):
        return None
    return Fraction(figure) if chunk is None else chunk + figure


def millions_left_short(parts: list[str], value: int) -> int | None:
    """The meaning of «دو میلیون و پانصد» where the word thousand is left out, as is usual: 2,500,000; else None.

    ``value`` is the literal value of the parts.
    """
    rest = value % _MILLION
    is_short = 0 < rest < 1_000 <= value and any(_SCALES.get(part) == _MILLION for part in parts)
    return value + rest * 999 if is_short else None


def _may_follow(before: Fraction, figure: Fraction | int) -> bool:
    """Whether ``figure`` may come after ``before`` in one spoken number: twenty and seven, not seven and twenty."""
    return (before % 100 == 0 and before >= 100 and 0 < figure < 100) or (
        before % 10 == 0 and before % 100 >= 20 and 0 < figure < 10
    )


def _figure(part: str) -> Fraction | int | None:
    """Return the value of a figure with its separators; three digits after each are thousands, one or two decimals."""
    if part.isdecimal():
        return int(part)
    if _GROUPED.fullmatch(part):
        return int(re.sub(r"[^0-9]", "", part))
    decimal = _DECIMAL.fullmatch(part)
    return Fraction(f"{decimal[1]}.{decimal[2]}") if decimal else None
