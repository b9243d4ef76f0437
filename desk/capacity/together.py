"""Which places a household can have: at one start, or at starts that follow each other, at one office and day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from desk.capacity import bookable, free
from desk.capacity.models import Slot
from desk.capacity.rows import TogetherAt


class FreePlace(NamedTuple):
    """One place of a slot, and how many minutes it lasts."""

    claim_id: int
    slot_id: int
    starts_at: datetime
    minutes: int


def together(places: Sequence[FreePlace], people: int) -> list[FreePlace] | None:
    """The first places for so many people: at one start, or at starts that follow each other; None = there are none.

    `places` are of one queue and day, by their start.
    """
    for first in range(len(places) - people + 1):
        chosen = list(places[first : first + people])
        gaps = (after.starts_at - before.starts_at for before, after in pairwise(chosen))
        if all(gap <= timedelta(minutes=chosen[0].minutes) for gap in gaps):
            return chosen
    return None


_MINUTES = select(Slot.id, Slot.minutes).where(Slot.id.in_(bindparam("slots", expanding=True)))


def times_together(
    session: Session,
    *,
    service_id: int,
    office_id: int,
    day: date,
    people: int,
    after: datetime,
    held: Sequence[int] = (),
) -> list[TogetherAt]:
    """For each start of the day with which so many people can begin together, their places.

    `held` = slots of which the chat holds a place itself, once for each place: these are free to it.
    """
    slots = {
        slot.slot_id: slot
        for slot in free.all_free(session, service_id=service_id, office_id=office_id, day=day, after=after)
    }
    own = Counter(held)
    for slot_id, times in own.items():
        mine = slots.get(slot_id) or bookable.slot(session, slot_id=slot_id, service_id=service_id, after=after)
        if mine is not None and (mine.office_id, mine.day) == (office_id, day):
            slots[slot_id] = replace(mine, remaining=mine.remaining + times)
    minutes = {row.id: row.minutes for row in session.execute(_MINUTES, {"slots": list(slots)})} if slots else {}
    by_queue: dict[int, list[FreePlace]] = defaultdict(list)
    for slot in sorted(slots.values(), key=lambda each: (each.starts_at, each.slot_id)):
        place = FreePlace(0, slot.slot_id, slot.starts_at, minutes[slot.slot_id])
        by_queue[slot.queue_id] += [place] * min(slot.remaining, people)
    found: dict[datetime, TogetherAt] = {}
    for places in by_queue.values():
        for number, first in enumerate(places):
            is_first_of_start = number == 0 or places[number - 1].starts_at < first.starts_at
            chosen = together(places[number : number + people], people) if is_first_of_start else None
            if chosen is not None:
                found.setdefault(first.starts_at, TogetherAt(tuple(slots[each.slot_id] for each in chosen)))
    return [found[starts_at] for starts_at in sorted(found)]
