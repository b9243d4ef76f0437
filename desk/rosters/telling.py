"""The job that tells an office of each working day without a marshal: a deadline that runs until one is found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, insert, literal, literal_column, select, union_all
from sqlalchemy.orm import Session

from desk.acting import SYSTEM
from desk.calendar import TEHRAN, instant_of, local_day_of
from desk.deadlines import actions as deadlines
from desk.deadlines.models import Deadline
from desk.deadlines.rules import MARSHAL, Promise
from desk.events import actions as events
from desk.offices.models import Office
from desk.offices.reach import node_of, offices_within
from desk.organisation import EVERYWHERE, Scope
from desk.rosters.models import Leave, ToldDay
from desk.rosters.queries import unkept_days
from desk.rosters.rules import LeaveState
from desk.storage.base import WriteSession
from desk.storage.locks import hold
from desk.storage.upsert import table_of
from desk.values import LocalDay

ROSTERS = "rosters"
"""The subject of the deadlines; their id is that of the told day."""

_told, _leaves = table_of(ToldDay), table_of(Leave)
_offices, _deadlines = table_of(Office), table_of(Deadline)
# Written as in SQLite's partial index: SQLite does not see that «= 1» is the same.
_is_current: ColumnElement[bool] = literal_column("deadlines.is_current")
_TOLD = (
    select(_told.c.id, _told.c.office_id, _told.c.day, _deadlines.c.started_at, _deadlines.c.is_running)
    .join_from(
        _told,
        _deadlines,
        (_deadlines.c.subject_id == _told.c.id) & (_deadlines.c.subject == ROSTERS) & _is_current,
    )
    .join(_offices, _offices.c.id == _told.c.office_id)
)
_WAITS = union_all(
    select(_told.c.day, literal(True).label("is_unkept"))
    .join_from(
        _told,
        _deadlines,
        (_deadlines.c.subject_id == _told.c.id) & (_deadlines.c.subject == ROSTERS) & _is_current,
    )
    .where(_told.c.office_id == bindparam("office"), _told.c.day >= bindparam("today"), _deadlines.c.is_running),
    select(_leaves.c.first, literal(False)).where(
        _leaves.c.office_id == bindparam("office"),
        _leaves.c.state == LeaveState.ASKED,
        _leaves.c.last >= bindparam("today"),
    ),
)
_AHEAD = _TOLD.where(_told.c.day >= bindparam("today"))
_OPEN = _TOLD.where(_deadlines.c.is_running)


@dataclass(frozen=True, slots=True)
class Told:
    """A day of which an office was told."""

    id: int
    office_id: int
    day: date
    since: datetime
    is_unkept: bool
    """Whether there was still no marshal at the last look."""


@dataclass(frozen=True, slots=True)
class RosterWaits:
    """What of the roster of an office waits for its manager."""

    unkept: list[date]
    """Working days without a marshal, as they were told."""
    asked: int
    """How much leave is asked for."""


def told_within(session: Session, *, scope: Scope, today: date) -> list[Told]:
    """The days from today on of which offices within `scope` were told, those without a marshal and the others."""
    return _read(session, _AHEAD.where(offices_within(scope)).order_by(_told.c.day), today=today)


def offices_to_tell(session: Session, *, now: datetime) -> Sequence[int]:
    """The offices of which something is told that is not so, or is so and not told."""
    today = local_day_of(now, zone=TEHRAN).date
    found: dict[int, set[date]] = defaultdict(set)
    for each in unkept_days(session, scope=EVERYWHERE, today=today):
        found[each.office_id].add(each.day)
    open_: dict[int, set[date]] = defaultdict(set)
    for told in _read(session, _OPEN):
        open_[told.office_id].add(told.day)
    return sorted(id for id in found.keys() | open_.keys() if found[id] != open_[id])


def tell_of_days(session: WriteSession, *, id: int, now: datetime) -> None:
    """Start the deadline of each day of this office that has no marshal, and meet that of a day that has one again.

    The deadline ends when the day begins. Of a day that is over nothing is owed any more.
    """
    hold(session, subject=f"unkept:{id}")
    node = node_of(session, id)
    today = local_day_of(now, zone=TEHRAN).date
    unkept = {each.day for each in unkept_days(session, scope=Scope.of(node), today=today)}
    before = {
        each.day: each
        for each in [
            *_read(session, _AHEAD.where(_told.c.office_id == id), today=today),
            *_read(session, _OPEN.where(_told.c.office_id == id)),
        ]
    }
    for day, told in before.items():
        if told.is_unkept and day < today:
            deadlines.drop(session, subject=ROSTERS, subject_id=told.id, now=now)
        elif told.is_unkept and day not in unkept:
            deadlines.meet(session, subject=ROSTERS, subject_id=told.id, now=now)
        elif not told.is_unkept and day in unkept:
            deadlines.owe_again(session, subject=ROSTERS, subject_id=told.id, now=now)
    new = sorted(unkept - before.keys())
    for day in new:
        row: int = session.execute(insert(_told).values(office_id=id, day=day).returning(_told.c.id)).scalar_one()
        promise = Promise(MARSHAL, instant_of(LocalDay(day), zone=TEHRAN) - now)
        deadlines.start(session, subject=ROSTERS, subject_id=row, promises=[promise], is_first=True, now=now)
    if new:
        data = {"days": [day.isoformat() for day in new]}
        events.note(
            session, actor=SYSTEM, kind="roster.unkept", subject=f"office:{id}", office_id=id, data=data, now=now
        )


def _read(session: Session, query: Select[Any], **asked: date) -> list[Told]:
    return [Told(*row) for row in session.execute(query, asked)]


def roster_waits(session: Session, *, office_id: int, today: date) -> RosterWaits:
    """What of the roster waits for the manager of an office. One statement."""
    rows = session.execute(_WAITS, {"office": office_id, "today": today}).all()
    return RosterWaits(sorted(row.day for row in rows if row.is_unkept), sum(not row.is_unkept for row in rows))
