"""Reads the days and times that people write, against what is free at the chosen office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from bot.dialogue.questions import Unclear
from bot.flows.appointments import parts_of_day
from desk.capacity import chat as capacity
from desk.language.text import words
from desk.reading.days import read_day, read_wished_day
from desk.reading.times import read_part_of_day, read_time

if TYPE_CHECKING:
    from bot.flows.appointments.free_times import TimeTalk
    from desk.capacity.rows import FreeSlot
    from desk.values import LocalDay

_ = words("times")


def free(talk: TimeTalk, day: date) -> Sequence[FreeSlot]:
    """The free slots of a day."""
    return capacity.free_times(talk.desk, service_id=talk.given.service_id, office_id=talk.given.office_id, day=day)


def day_meant(talk: TimeTalk, typed: str, days: Sequence[date]) -> tuple[LocalDay | None, bool]:
    """The typed day, and whether it is one of `days` or has free times."""
    today = talk.desk.today
    wanted = read_wished_day(typed, today=today)
    if wanted is None:
        return None, False
    if wanted == today and read_day(typed, today=today.plus(1)) == today.plus(7):
        wanted = today.plus(7)  # «Saturday» said on a Saturday on which nothing is free
    is_free = wanted.date in days or free(talk, wanted.date)
    return wanted, bool(is_free)


def slot_meant(typed: str, slots: Sequence[FreeSlot]) -> FreeSlot | Unclear | None:
    """The one of these slots that a time or a part of the day means; `Unclear` names the nearest; None = no time."""
    wanted = read_time(typed)
    if wanted is None:
        hours = read_part_of_day(typed)
        return parts_of_day.meant(slots, *hours) if hours is not None else None
    nearest = min(slots, key=lambda slot: abs(parts_of_day.clock_of(slot).minutes - wanted.minutes))
    if parts_of_day.clock_of(nearest) == wanted:
        return nearest
    return Unclear(
        _("{time} is not free. The nearest free time is {near}.", time=wanted, near=parts_of_day.clock_of(nearest))
    )
