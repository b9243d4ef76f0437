"""The statements that take and give back a place of a quota: so many people a day a queue takes for a service.

Who takes a place of such a service takes one of its quota with it: first of the quota, then of the slot, so that two
transactions never wait for each other. Where a queue has no quota for the service nothing here is run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, Executable, Integer, bindparam, func, select, update

from desk.capacity.freed import places_freed
from desk.capacity.models import Queue, QueueService, QuotaDay, Slot
from desk.capacity.quotas import left_of, quota_days
from desk.capacity.refusals import QuotaUsedUp
from desk.places.models import Claim
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_into, table_of

_slots, _queues, _links, _claims = table_of(Slot), table_of(Queue), table_of(QueueService), table_of(Claim)
_PLACES = bindparam("places", type_=Integer)
_QUEUE, _SERVICE = bindparam("of_queue", type_=Integer), bindparam("of_service", type_=Integer)
_DAY = bindparam("on_day", type_=quota_days.c.day.type)
_OF_SLOTS = (
    select(_slots.c.id, *_slots.c["queue_id", "day"], _queues.c.office_id)
    .join(_queues, _queues.c.id == _slots.c.queue_id)
    .where(_slots.c.id.in_(bindparam("slots", expanding=True)))
)
_MOST = (
    select(_links.c.most_a_day).where(_links.c.queue_id == _QUEUE, _links.c.service_id == _SERVICE).scalar_subquery()
)
_GIVE_BACK = (
    update(quota_days)
    .where(
        quota_days.c.queue_id == _QUEUE,
        quota_days.c.service_id == _SERVICE,
        quota_days.c.day == _DAY,
        quota_days.c.taken >= _PLACES,
    )
    .values(taken=quota_days.c.taken - _PLACES)
    .returning(quota_days.c.taken, _MOST.label("most"))
)


_KEPT = (
    select(func.count())
    .select_from(_claims)
    .join(_slots, _slots.c.id == _claims.c.slot_id)
    .where(_slots.c.queue_id == _QUEUE, _slots.c.day == _DAY, _claims.c.kind == ClaimKind.KEPT)
    .scalar_subquery()
)
_LEFT_AND_KEPT = select(left_of(_QUEUE, _SERVICE, _DAY).label("left"), _KEPT.label("kept"))


class OfQuota(NamedTuple):
    """A place of a slot that counts for the quota of a service."""

    slot_id: int
    service_id: int


class OfDay(NamedTuple):
    """The quota of a service on a day of a queue."""

    queue_id: int
    service_id: int
    day: date


def counted(slot_ids: Iterable[int], *, service_id: int | None) -> list[OfQuota]:
    """A place of each of these slots for the quota of the service; none where it is None."""
    return [] if service_id is None else [OfQuota(slot_id, service_id) for slot_id in slot_ids]


def swap(
    session: WriteSession,
    *,
    given_back: Iterable[OfQuota] = (),
    taken: Iterable[OfQuota] = (),
    is_quiet: bool = False,
    is_offered: bool = False,
) -> None:
    """Take one of the quota for each in `taken`, and give one back for each in `given_back`.

    Quotas are changed in one order, so that concurrent calls cannot deadlock; the slots follow. Where one was used up
    and is not any more, those who wait are looked for among what is free, unless `is_quiet`: the caller takes what it
    gives back in the same transaction. What `is_offered` was taken when it was offered, and is kept also where the
    quota was lowered since. The caller has made sure that it owns what it gives back.

    Raises QuotaUsedUp; some may have changed by then, so the caller rolls back its savepoint.
    """
    net = Counter(taken)
    net.subtract(given_back)
    changed = {each: places for each, places in net.items() if places}
    if not changed:
        return
    connection = session.connection()
    where = {
        row.id: row for row in connection.execute(_OF_SLOTS, {"slots": sorted({each.slot_id for each in changed})})
    }
    wanted: Counter[OfDay] = Counter()
    slot_of: dict[OfDay, int] = {}
    for each, places in changed.items():
        at = where[each.slot_id]
        of_day = OfDay(at.queue_id, each.service_id, at.day)
        wanted[of_day] += places
        slot_of[of_day] = each.slot_id
    for of_day in sorted(wanted):
        slot_id = slot_of[of_day]
        if wanted[of_day] > 0 and is_offered:
            count(connection, of_day, places=wanted[of_day])
        elif wanted[of_day] > 0 and not (
            took(connection, of_day, places=wanted[of_day]) and leaves_enough(connection, of_day)
        ):
            raise QuotaUsedUp(slot_id=slot_id, service_id=of_day.service_id)
        if wanted[of_day] < 0:
            was_used_up = give_back(connection, of_day, places=-wanted[of_day])
            if was_used_up and not is_quiet:
                places_freed(session, queue_id=of_day.queue_id, office_id=where[slot_id].office_id, day=of_day.day)


def took(connection: Connection, of_day: OfDay, *, places: int) -> bool:
    """Take so many of the quota and return whether that was possible; nothing has changed where not.

    One statement, whose WHERE decides between concurrent calls.
    """
    asked = {"of_queue": of_day.queue_id, "of_service": of_day.service_id, "on_day": of_day.day, "places": places}
    return connection.execute(_take(connection.dialect.name), asked).one_or_none() is not None


def leaves_enough(connection: Connection, of_day: OfDay) -> bool:
    """Whether what is left covers the places of the day that are kept until those who wait were asked.

    Asked after the quota was taken: what was given back at this moment is then seen with the places kept for it. Other
    times of the day may be free, and a program that looks each second would have that before those who wait.
    """
    asked = {"of_queue": of_day.queue_id, "of_service": of_day.service_id, "on_day": of_day.day}
    left, kept = connection.execute(_LEFT_AND_KEPT, asked).one()
    return left is None or left >= kept


def take_up_to(connection: Connection, of_day: OfDay, *, places: int) -> int:
    """Take as many of the quota as are left, at most so many; returns how many."""
    return next((fewer for fewer in range(places, 0, -1) if took(connection, of_day, places=fewer)), 0)


def give_back(connection: Connection, of_day: OfDay, *, places: int) -> bool:
    """Give so many back and return whether the quota was used up before and is not any more."""
    asked = {"of_queue": of_day.queue_id, "of_service": of_day.service_id, "on_day": of_day.day, "places": places}
    found = connection.execute(_GIVE_BACK, asked).one_or_none()
    if found is None:
        raise RuntimeError(f"the quota of {of_day} has no {places} places to give back")
    return found.most is not None and found.taken < found.most <= found.taken + places


def count(connection: Connection, of_day: OfDay, *, places: int) -> None:
    """Count so many that were taken or promised already, also above the quota: nobody loses a place by it."""
    asked = {"of_queue": of_day.queue_id, "of_service": of_day.service_id, "on_day": of_day.day, "places": places}
    connection.execute(_count(connection.dialect.name), asked)


@lru_cache(maxsize=2)
def _take(dialect: str) -> Executable:
    first = select(_links.c.queue_id, _links.c.service_id, _DAY, _PLACES).where(
        _links.c.queue_id == _QUEUE, _links.c.service_id == _SERVICE, _links.c.most_a_day >= _PLACES
    )
    return (
        insert_into(dialect, QuotaDay)
        .from_select(["queue_id", "service_id", "day", "taken"], first)
        .on_conflict_do_update(
            index_elements=["queue_id", "service_id", "day"],
            set_={"taken": quota_days.c.taken + _PLACES},
            where=quota_days.c.taken + _PLACES <= _MOST,
        )
        .returning(quota_days.c.taken)
    )


@lru_cache(maxsize=2)
def _count(dialect: str) -> Executable:
    return (
        insert_into(dialect, QuotaDay)
        .values(queue_id=_QUEUE, service_id=_SERVICE, day=_DAY, taken=_PLACES)
        .on_conflict_do_update(
            index_elements=["queue_id", "service_id", "day"], set_={"taken": quota_days.c.taken + _PLACES}
        )
        .returning(quota_days.c.taken)
    )
