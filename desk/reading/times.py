"""Reads times of day as people type them: «9:30», «ساعت نه و نیم», «۳ عصر», «1:30 ب.ظ», «4pm», in Dari «ده بجه»."""

import re
from typing import Final

from desk.reading.folding import fold
from desk.reading.number_words import read_number
from desk.values import ClockTime

_BEFORE: Final = re.compile(r"^(?:(?:ساعت|راس|حدود|تقریبا|در|برای)(?: |(?=[0-9])))+")
_SIGNS: Final = re.compile(r"[()«»،؛!؟?]")
_OCLOCK: Final = re.compile(r"(?:(?<=[0-9])| )بجه(?= |$)")
_SEAM: Final = re.compile(r"(?<=[0-9])(?=و)")
# Words for parts of the day; longer ones come before those they contain.
_PARTS: Final = (
    ("midnight", "(?:نیمه ?|نصف ?)شب"),
    ("morning", "(?:قبل|پیش) ?از ?(?:ظهر|چاشت)|ق ?[.] ?ظ ?[.]?|ق ?ظ|صبح|بامداد|سحر|a[.]?m[.]?"),
    ("afternoon", "(?:بعد|پس) ?از ?(?:ظهر|چاشت)|ب ?[.] ?ظ ?[.]?|ب ?ظ|(?:نماز ?)?پیشین|p[.]?m[.]?"),
    ("evening", "عصر|شام|نماز ?دیگر"),
    ("noon", "ظهر|چاشت"),
    ("night", "شب"),
)
PART_OF_DAY: Final = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _PARTS))
"""A part of the day in folded text; the group that matched is its name."""
_HOURS: Final = {"morning": (5, 12), "noon": (11, 14), "afternoon": (12, 18), "evening": (15, 20), "night": (17, 24)}
"""The hours of a part of the day that is named alone; offices are shut at midnight."""
_BESIDE_A_PART: Final = re.compile(
    r"ها|های|باشد|باشه|خوب ?است|خوب ?اس|خوبه|بهتر ?است|بهتره|لطفا|لطفن|برای|در|طرف ?های|طرفای|طرف|وقت|می ?ایم|میام"
)
_FIGURES: Final = re.compile(r"([0-9]{1,2})(?: ?[:٫.,] ?([0-9]{2}))?", re.ASCII)
_SPOKEN: Final = re.compile(r"(\S+?)(?: (?:و ?(?P<half>نیم|ربع)|و (?P<minutes>\S+(?: و \S+)?) دقیقه))?")
_HALVES: Final = {"نیم": 30, "ربع": 15}


def read_time(typed: str) -> ClockTime | None:
    """Return the time of day that ``typed`` means; None where it has none, several, or anything else.

    No word is ignored: «۹ آذر» is no time. Midnight, and small hours «at night», give None as well: it is not certain
    to which day they belong, so the caller asks.
    """
    text = " ".join(_SIGNS.sub(" ", fold(typed)).split())
    found = list(PART_OF_DAY.finditer(text))
    if len(found) > 1:
        return None
    part = found[0].lastgroup if found else None
    if found:
        text = f"{text[: found[0].start()]} {text[found[0].end() :]}"
    text = _SEAM.sub(" ", _OCLOCK.sub(" ", _BEFORE.sub("", " ".join(text.split()).strip(" .")), count=1))
    time = _said(" ".join(text.split()))
    if time is None:
        return None
    hour = _of_the_day(time[0], part)
    return None if hour is None or time[1] > 59 else ClockTime(hour, time[1])


def read_part_of_day(typed: str) -> tuple[int, int] | None:
    """The hours, from and before, of a part of the day that is named without an hour; None where more is said."""
    text = " ".join(_SIGNS.sub(" ", fold(typed)).split())
    found = list(PART_OF_DAY.finditer(text))
    if len(found) != 1:
        return None
    beside = _BESIDE_A_PART.sub("", f"{text[: found[0].start()]} {text[found[0].end() :]}")
    return None if beside.strip() else _HOURS.get(found[0].lastgroup or "")


def _said(text: str) -> tuple[int, int] | None:
    """The hour and minutes, in figures or words."""
    figures = _FIGURES.fullmatch(text)
    if figures:
        return int(figures[1]), int(figures[2] or 0)
    spoken = _SPOKEN.fullmatch(text)
    hour = read_number(spoken[1]) if spoken else None
    if spoken is None or hour is None:
        return None
    minutes = read_number(spoken["minutes"]) if spoken["minutes"] else _HALVES.get(spoken["half"], 0)
    return None if minutes is None else (hour, minutes)


def _of_the_day(hour: int, part: str | None) -> int | None:
    """The hour (0 to 23) of ``hour`` in this part of the day; None where they do not fit or may mean midnight."""
    match part:
        case None:
            return hour if hour < 24 else None
        case "morning":
            return hour if 0 < hour < 12 else None
        case "noon":
            return hour + 12 if 1 <= hour <= 3 else hour if 11 <= hour <= 15 else None
        case "afternoon":
            return hour + 12 if 1 <= hour < 12 else hour if 12 <= hour < 24 else None
        case "evening":
            return hour + 12 if 1 <= hour <= 8 else hour if 13 <= hour <= 20 else None
        case "night":
            return hour + 12 if 5 <= hour < 12 else hour if 17 <= hour < 24 else None
    return None
