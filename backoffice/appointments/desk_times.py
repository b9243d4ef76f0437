"""What the desk of an office can give: its services, and its free times with those that are set apart for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from backoffice.web.http import PageRequest
from desk.capacity import queries as capacity
from desk.capacity.horizons import horizons_of
from desk.capacity.rows import FreeDay, FreeSlot
from desk.language.text import Param
from desk.places.shares import free_at_desk
from desk.storage.base import ReadSession

DAYS = 8
"""The next days with a free time that are shown at once."""


@dataclass(frozen=True, slots=True)
class DeskTimes:
    """The next days with a free time, and the free times of the chosen one."""

    days: list[FreeDay]
    day: date | None
    times: list[FreeSlot]


def services_offered(
    session: ReadSession, request: PageRequest, *, office_id: int
) -> tuple[list[tuple[int, Param]], int | None]:
    """The services of an office, and the one that was chosen, else the first; None = it has none. One statement."""
    services: list[tuple[int, Param]] = [
        (row.service_id, row.title) for row in horizons_of(session, office_id=office_id)
    ]
    asked = request.form_number("service") or request.query_number("service")
    known = [service_id for service_id, _title in services]
    return services, asked if asked in known else next(iter(known), None)


def desk_times(
    session: ReadSession, *, service_id: int, office_id: int, wanted: date | None, now: datetime
) -> DeskTimes:
    """The times of the day `wanted`, or of the first one. Two statements."""
    days = capacity.free_days(session, service_id=service_id, office_id=office_id, after=now, limit=DAYS)
    # A day before the first one that everybody has is a day on which only the desk has places.
    day = wanted or next((each.day for each in days), None)
    found = free_at_desk(session, service_id=service_id, office_id=office_id, day=day, after=now)
    own = [each for each in found if each.own]
    merged = _days([*days, *(FreeDay(day=each.slot.day, free=each.own, first=each.slot) for each in own)])[:DAYS]
    day = wanted or next((each.day for each in merged), None)
    at_own_first = sorted((each for each in found if each.slot.day == day), key=lambda each: not each.own)
    return DeskTimes(merged, day, _times(each.slot for each in at_own_first))


def _days(found: Iterable[FreeDay]) -> list[FreeDay]:
    days: dict[date, FreeDay] = {}
    for each in found:
        there = days.get(each.day, replace(each, free=0))
        first = min(there.first, each.first, key=lambda slot: slot.starts_at)
        days[each.day] = replace(each, free=(there.free or 0) + (each.free or 0), first=first)
    return [days[day] for day in sorted(days)]


def _times(found: Iterable[FreeSlot]) -> list[FreeSlot]:
    """One a start; a slot that has a place of the desk comes before one that has none."""
    times: dict[datetime, FreeSlot] = {}
    for slot in found:
        times.setdefault(slot.starts_at, slot)
    return [times[starts_at] for starts_at in sorted(times)]
