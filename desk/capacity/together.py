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
from desk.capacity.quotas import SERVICE, left_of
from desk.capacity.rows import TogetherAt
from desk.storage.upsert import table_of


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


_slots = table_of(Slot)
_OF_SLOTS = select(*_slots.c["id", "minutes"], left_of(_slots.c.queue_id, SERVICE, _slots.c.day).label("left")).where(
    _slots.c.id.in_(bindparam("slots", expanding=True))
)


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
    asked = {"slots": list(slots), "service": service_id}
    of_slot = {row.id: row for row in session.execute(_OF_SLOTS, asked)} if slots else {}
    left = {slots[row.id].queue_id: row.left for row in of_slot.values()}
    for slot_id, times in own.items():  # what the chat holds of the quota is its own too
        if slot_id in slots and left[slots[slot_id].queue_id] is not None:
            left[slots[slot_id].queue_id] += times
    by_queue: dict[int, list[FreePlace]] = defaultdict(list)
    for slot in sorted(slots.values(), key=lambda each: (each.starts_at, each.slot_id)):
        place = FreePlace(0, slot.slot_id, slot.starts_at, of_slot[slot.slot_id].minutes)
        by_queue[slot.queue_id] += [place] * min(slot.remaining, people)
    found: dict[datetime, TogetherAt] = {}
    for queue_id, places in by_queue.items():
        most = left[queue_id]
        if most is not None and most < people:
            continue
        for number, first in enumerate(places):
            is_first_of_start = number == 0 or places[number - 1].starts_at < first.starts_at
            chosen = together(places[number : number + people], people) if is_first_of_start else None
            if chosen is not None:
                found.setdefault(first.starts_at, TogetherAt(tuple(slots[each.slot_id] for each in chosen)))
    return [found[starts_at] for starts_at in sorted(found)]
