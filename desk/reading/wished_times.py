"""Reads when somebody wishes an appointment: a day, an hour or a part of the day, or a day with one of these."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from desk.reading.days import read_day_ahead
from desk.reading.folding import fold
from desk.reading.number_words import read_number
from desk.reading.times import read_part_of_day, read_time
from desk.values import ClockTime, LocalDay

MOST_WORDS: Final = 10
"""A longer text tells a story in which a day may stand for something else."""
_HOUR: Final = 60
_STORED: Final = re.compile(r"([0-9]{8})?_([0-9]{1,4})?_(?:([0-9]{1,2})-([0-9]{1,2}))?", re.ASCII)
_NAMES_THE_HOUR: Final = re.compile(r"[^\W\d_]|[0-9]:[0-9]")
"""A bare number may be an hour, a day of the month or a choice: the caller asks."""


@dataclass(frozen=True, slots=True)
class WishedTime:
    """What was read; at least one of the three is there, and of `hour` and `part` at most one."""

    day: LocalDay | None = None
    hour: ClockTime | None = None
    part: tuple[int, int] | None = None
    """The hours of a part of the day, from and before."""

    @property
    def stored(self) -> str:
        """The text from which `stored_wish` restores it: at most 19 letters, digits and signs without a dot."""
        day = f"{self.day.date:%Y%m%d}" if self.day is not None else ""
        hour = str(self.hour.minutes) if self.hour is not None else ""
        part = f"{self.part[0]}-{self.part[1]}" if self.part is not None else ""
        return f"{day}_{hour}_{part}"

    def fits(self, clock: ClockTime) -> bool:
        """Whether a time of this clock is wished: within an hour of the one that was named, or in the part."""
        if self.hour is not None:
            return 0 <= clock.minutes - self.hour.minutes < _HOUR
        return self.part is None or self.part[0] <= clock.hour < self.part[1]


def stored_wish(text: str, *, today: LocalDay) -> WishedTime | None:
    """What `WishedTime.stored` gave, which anybody may have made up; None where nothing of it is ahead."""
    found = _STORED.fullmatch(text)
    if found is None:
        return None
    day, minutes, start, end = found.groups()
    try:
        on = LocalDay.of(int(day[:4]), int(day[4:6]), int(day[6:])) if day else None
        hour = ClockTime.from_minutes(int(minutes)) if minutes else None
    except ValueError:
        return None
    if on is not None and on < today:
        return None
    part = (int(start), int(end)) if start and hour is None else None
    return WishedTime(on, hour, part) if (on, hour, part) != (None, None, None) else None


def read_wished_time(typed: str, *, today: LocalDay) -> WishedTime | None:
    """Return what the whole text wishes; None where it says anything else, a past day, or a number alone."""
    text = fold(typed)
    words = text.split()
    if not words or len(words) > MOST_WORDS or read_number(text) is not None:
        return None
    if (one := _read(text, today)) is not None:
        return one
    for first, second in _halves(words):
        for day_said, hour_said in ((first, second), (second, first)):
            day, hour = _day(day_said, today), _hour(hour_said)
            if day is not None and hour is not None:
                return WishedTime(day, hour.hour, hour.part)
    return None


def wished_time_in(typed: str, *, today: LocalDay) -> tuple[WishedTime | None, str]:
    """The longest part of the text that is a wished time, and no number alone, and the words beside it.

    None and the text as it is = there is none.
    """
    words = fold(typed).split()
    if len(words) > MOST_WORDS:
        return None, typed
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            found = read_wished_time(" ".join(words[start : start + length]), today=today)
            if found is not None:
                return found, " ".join(words[:start] + words[start + length :])
    return None, typed


def number_readings(typed: str, *, today: LocalDay) -> tuple[WishedTime, ...]:
    """What a number alone may wish: a day of the month, and an hour at which offices may be open."""
    number = read_number(fold(typed))
    if number is None:
        return ()
    day = read_day_ahead(typed, today=today)
    hour = ClockTime(number, 0) if number in OFFICE_HOURS else None
    return tuple(WishedTime(day, each) for day, each in ((day, None), (None, hour)) if day or each)


OFFICE_HOURS: Final = range(7, 19)


def _read(text: str, today: LocalDay) -> WishedTime | None:
    hour = _hour(text)
    if hour is not None:
        return hour
    day = _day(text, today)
    return WishedTime(day) if day is not None else None


def _hour(text: str) -> WishedTime | None:
    if not _NAMES_THE_HOUR.search(text):
        return None
    hour = read_time(text)
    if hour is not None:
        return WishedTime(hour=hour)
    part = read_part_of_day(text)
    return WishedTime(part=part) if part is not None else None


def _day(text: str, today: LocalDay) -> LocalDay | None:
    day = None if read_number(text) is not None else read_day_ahead(text, today=today)
    return day if day is not None and day >= today else None


def _halves(words: list[str]) -> Iterator[tuple[str, str]]:
    for place in range(1, len(words)):
        yield " ".join(words[:place]), " ".join(words[place:])
