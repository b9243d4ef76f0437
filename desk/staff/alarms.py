"""Alarms about how much staff read: a job counts what the history says of each account, and writes an event.

Nothing is refused or closed because of an alarm: it stands on the page of the history, for those who may review it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from desk.acting import SYSTEM, ActorKind
from desk.calendar import FRIDAY, TEHRAN, SolarDate, local_day_of
from desk.events import actions as events
from desk.events.models import Event
from desk.staff.security import place_of
from desk.staff.thresholds import DEFAULTS, Thresholds
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.values import zone_named

HOUR = timedelta(hours=1)
READS = (".read", ".list", "_read", ".not_reached", ".preview", ".heard", ".export")
"""How the kinds of events end by which somebody saw people."""
LOOKS_UP = (".found", ".not_found")
"""How the kinds of events end by which somebody looked for a code or a number."""
WITHOUT_NAMES = "history.read"
"""A reviewer of what staff did reads hundreds of lines, which show codes and no name; a file of them is counted."""
PEOPLE = ("appointment:", "case:")
"""The subjects that stand for a person each."""
DAYS_BACK, DAYS_AHEAD = 1, 4
"""The days around today that are anybody's own: yesterday, and the next working day over a long weekend."""

_event = table_of(Event)
_RECENT = (
    select(*_event.c["at", "kind", "actor_id", "subject", "others", "data"])
    .where(
        _event.c.at > bindparam("since", type_=_event.c.at.type),
        _event.c.at <= bindparam("until", type_=_event.c.at.type),
        _event.c.actor_kind == ActorKind.STAFF,
        or_(*(_event.c.kind.like(f"%{end}") for end in (*READS, *LOOKS_UP))),
    )
    .order_by(_event.c.id)
)


class Alarm(StrEnum):
    """What there was too much of within an hour; the value is the kind of its event."""

    PEOPLE = "staff.alarm_people"
    OUT_OF_HOURS = "staff.alarm_hours"
    OTHER_DAYS = "staff.alarm_days"
    LOOKED_UP = "staff.alarm_looked_up"


@dataclass(slots=True)
class _Seen:
    """What one account did within the hour."""

    people: set[str] = field(default_factory=set)
    out_of_hours: set[str] = field(default_factory=set)
    of_other_days: set[str] = field(default_factory=set)
    looked_up: int = 0

    def numbers(self) -> dict[Alarm, int]:
        return {
            Alarm.PEOPLE: len(self.people),
            Alarm.OUT_OF_HOURS: len(self.out_of_hours),
            Alarm.OTHER_DAYS: len(self.of_other_days),
            Alarm.LOOKED_UP: self.looked_up,
        }


class TooMuch(NamedTuple):
    """An account that did more than the threshold within the hour."""

    staff_id: int
    alarm: Alarm
    number: int


def too_much(session: Session, *, thresholds: Thresholds, now: datetime) -> Iterator[TooMuch]:
    """The accounts that read or looked up more within the last hour than the thresholds. One statement."""
    seen: dict[int, _Seen] = defaultdict(_Seen)
    for row in session.execute(_RECENT, {"since": now - HOUR, "until": now}):
        of_account = seen[row.actor_id]
        if row.kind.endswith(LOOKS_UP):
            of_account.looked_up += 1
        if row.kind == WITHOUT_NAMES:
            continue
        people = {subject for subject in (row.subject, *row.others) if subject.startswith(PEOPLE)}
        of_account.people |= people
        if not _is_working_hour(row.at, thresholds):
            of_account.out_of_hours |= people
        if _is_other_day(row.data.get("day"), at=row.at):
            of_account.of_other_days |= people
    for staff_id, of_account in sorted(seen.items()):
        for alarm, number in of_account.numbers().items():
            if number >= _threshold(thresholds, alarm):
                yield TooMuch(staff_id, alarm, number)


def watch(session: WriteSession, *, now: datetime, limit: int, thresholds: Thresholds = DEFAULTS) -> int:
    """Write an event for each account and kind of alarm, once an hour; returns the number of new ones."""
    written = 0
    for staff_id, alarm, number in too_much(session, thresholds=thresholds, now=now):
        key = f"{alarm}:{staff_id}:{now:%Y%m%d%H}"
        if written >= limit or events.is_noted(session, idem_key=key):
            continue
        at = place_of(session, staff_id=staff_id)
        events.note(
            session,
            kind=alarm,
            subject=f"staff:{staff_id}",
            actor=SYSTEM,
            office_id=at.office_id,
            province_code=None if at.office_id is not None else at.province_code,
            data={"number": number, "threshold": _threshold(thresholds, alarm)},
            idem_key=key,
            is_told=False,
            now=now,
        )
        written += 1
    return written


def _threshold(thresholds: Thresholds, alarm: Alarm) -> int:
    return {
        Alarm.PEOPLE: thresholds.people,
        Alarm.OUT_OF_HOURS: thresholds.people_out_of_hours,
        Alarm.OTHER_DAYS: thresholds.people_of_other_days,
        Alarm.LOOKED_UP: thresholds.looked_up,
    }[alarm]


def _is_working_hour(at: datetime, thresholds: Thresholds) -> bool:
    local = at.astimezone(zone_named(TEHRAN))
    is_friday = SolarDate.from_date(local.date()).weekday == FRIDAY
    return not is_friday and thresholds.opens <= local.hour < thresholds.closes


def _is_other_day(day: str | None, *, at: datetime) -> bool:
    if not day:
        return False
    today = local_day_of(at, zone=TEHRAN).date
    return not -DAYS_BACK <= (date.fromisoformat(day) - today).days <= DAYS_AHEAD
