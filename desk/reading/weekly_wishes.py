"""Reads on which days of the week and in which parts of the day somebody could come: «شنبه‌ها صبح», «غیر از پنجشنبه»."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from desk.reading.days import WEEKDAYS
from desk.reading.folding import fold
from desk.reading.times import PART_OF_DAY

MOST_WORDS: Final = 24
"""A longer text tells a story, in which a day may stand for something else."""
ALL_DAYS: Final = frozenset(range(7))
PARTS: Final = ("morning", "noon", "afternoon")
ALL_PARTS: Final = frozenset(PARTS)
_PART_OF: Final = {"evening": "afternoon", "night": "afternoon"}
"""Offices are open in three parts of the day: later ones are read as the last."""

_DAY: Final = re.compile(
    rf"(?<!\w)(?P<day>{'|'.join(sorted(map(re.escape, WEEKDAYS), key=len, reverse=True))})(?: ?ها(?:ی)?)?(?!\w)"
)
_EVEN: Final = re.compile(r"(?<!\w)(?:روز ?های )?زوج(?!\w)")
_ODD: Final = re.compile(r"(?<!\w)(?:روز ?های )?فرد(?!\w)")
_ANY_DAY: Final = re.compile(
    r"(?<!\w)(?:هر ?روز(?:ی| که)?|همه(?: ?ی)? روز ?ها|تمام روز ?ها|همه روزه|کل هفته|har ?rooz|har ?ruz|hame rooz)(?!\w)"
)
_ANY_PART: Final = re.compile(
    r"(?<!\w)(?:هر ?ساعت(?:ی)?|همه ساعت ?ها|تمام روز|کل روز|صبح (?:و|یا) (?:بعد ?از ?ظهر|عصر)|har ?saat)(?!\w)"
)
_ANY: Final = re.compile(
    r"(?<!\w)(?:هر ?وقت(?:ی)?(?: که)?(?: ?(?:شد|باشد|باشه|بود))?|فرق(?:ی)? (?:ندار[هد]|نمی ?کن[هد])"
    r"|har ?vaght|har ?waqt)(?!\w)"
)
_BUT: Final = re.compile(r"(?<!\w)(?:به ?جز|بجز|غیر ?(?:از|ز)|جز|مگر|بدون|bejoz|gheir az)(?!\w)")
_SEAM: Final = re.compile(r"(?<=[0-9])(?=شنبه)")
_TO: Final = re.compile(r"[ ,،و]*(?:تا|الی|-|ta)[ ]*")
_BESIDE: Final = re.compile(
    r"(?<!\w)(?:و|یا|هم|فقط|تنها|روز ?های?|روز|وقت|ساعت|طرف ?های?|برای|در|به|از|تا|هفته|ها|های|یک|که"
    r"|باشد|باشه|بهتر(?: ?است|ه)?|خوب(?: ?است|ه| اس)?|می ?توان[مه]?|میتونم"
    r"|می ?شود|میشه|می ?آیم|می ?ایم|میام|بیایم|بیام|ایم|faghat|ya|o|va)(?!\w)"
    r"|[^\w\s]"
)


@dataclass(frozen=True, slots=True)
class WeeklyWish:
    """None = nothing was said of it; `beside` = the words that say something else."""

    weekdays: frozenset[int] | None
    parts: frozenset[str] | None
    beside: str = ""


def read_weekly_wish(typed: str) -> WeeklyWish | None:
    """Return the days of the week and the parts of the day that the text names; None where it names neither."""
    text = _SEAM.sub(" ", fold(typed))
    if not text or len(text.split()) > MOST_WORDS:
        return None
    days, text = _days(text)
    parts, text = _parts(text)
    anything = _ANY.search(text)
    if anything is not None:
        days, parts = days or ALL_DAYS, parts or ALL_PARTS
        text = _ANY.sub(" ", text)
    if days is None and parts is None:
        return None
    return WeeklyWish(days, parts, " ".join(_BESIDE.sub(" ", text).split()))


def _days(text: str) -> tuple[frozenset[int] | None, str]:
    """The days, and the text without them."""
    found = set(_in_ranges(text))
    found |= {0, 2, 4} if _EVEN.search(text) else set()
    found |= {1, 3, 5} if _ODD.search(text) else set()
    rest = _DAY.sub(" ", _ODD.sub(" ", _EVEN.sub(" ", text)))
    if _BUT.search(text) and found:
        return ALL_DAYS - found or None, _ANY_DAY.sub(" ", _BUT.sub(" ", rest))
    if not found and _ANY_DAY.search(text):
        return ALL_DAYS, _ANY_DAY.sub(" ", text)
    return frozenset(found) or None, rest


def _in_ranges(text: str) -> Iterator[int]:
    """The days that are named, with those between two of them («شنبه تا چهارشنبه»)."""
    before: re.Match[str] | None = None
    for found in _DAY.finditer(text):
        day = WEEKDAYS[found["day"]]
        if before is not None and _TO.fullmatch(text[before.end() : found.start()]):
            first = WEEKDAYS[before["day"]]
            yield from ((first + ahead) % 7 for ahead in range((day - first) % 7))
        yield day
        before = found


def _parts(text: str) -> tuple[frozenset[str] | None, str]:
    """The parts of the day, and the text without them."""
    if _ANY_PART.search(text):
        return ALL_PARTS, _ANY_PART.sub(" ", text)
    named: list[str] = []
    before: re.Match[str] | None = None
    for found in PART_OF_DAY.finditer(text):
        part = _PART_OF.get(found.lastgroup or "", found.lastgroup or "")
        if part not in ALL_PARTS:
            return None, text
        if before is not None and _TO.fullmatch(text[before.end() : found.start()]):
            named += PARTS[PARTS.index(named[-1]) : PARTS.index(part) + 1]
        named.append(part)
        before = found
    return frozenset(named) or None, PART_OF_DAY.sub(" ", text) if named else text
