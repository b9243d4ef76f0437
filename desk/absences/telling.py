"""The job that tells an office of each past day with missing outcomes: a deadline that runs until none is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, insert, literal_column, select
from sqlalchemy.orm import Session

from desk.absences.models import UnrecordedDay
from desk.absences.rules import RECORD_WITHIN
from desk.absences.unrecorded import days_unrecorded
from desk.acting import SYSTEM
from desk.deadlines import actions as deadlines
from desk.deadlines.models import Deadline
from desk.deadlines.rules import OUTCOMES, Promise
from desk.events import actions as events
from desk.offices.reach import node_of
from desk.organisation import EVERYWHERE, Scope
from desk.storage.base import WriteSession
from desk.storage.locks import hold
from desk.storage.upsert import table_of

UNRECORDED = "unrecorded"
"""The subject of the deadlines; their id is that of the told day."""

_told, _deadlines = table_of(UnrecordedDay), table_of(Deadline)
# Written as in SQLite's partial index: SQLite does not see that «= 1» is the same.
_is_current: ColumnElement[bool] = literal_column("deadlines.is_current")
_TOLD = select(*_told.c["id", "office_id", "day"], _deadlines.c.is_running).join_from(
    _told,
    _deadlines,
    (_deadlines.c.subject_id == _told.c.id) & (_deadlines.c.subject == UNRECORDED) & _is_current,
)


class _Told(NamedTuple):
    """A day of which an office was told, and whether something was still missing at the last look."""

    id: int
    office_id: int
    day: date
    is_missing: bool


def offices_to_tell(session: Session, *, now: datetime) -> Sequence[int]:
    """The offices of which something is told that is not so, or is so and not told."""
    found: dict[int, set[date]] = defaultdict(set)
    for each in days_unrecorded(session, scope=EVERYWHERE, now=now):
        found[each.office_id].add(each.day)
    told: dict[int, set[date]] = defaultdict(set)
    for row in _read(session, _deadlines.c.is_running):
        told[row.office_id].add(row.day)
    return sorted(id for id in found.keys() | told.keys() if found[id] != told[id])


def tell_of_outcomes(session: WriteSession, *, id: int, now: datetime) -> None:
    """Start the deadline of each past day of this office with missing outcomes, and meet that of a day with all."""
    hold(session, subject=f"unrecorded:{id}")
    missing = {each.day for each in days_unrecorded(session, scope=Scope.of(node_of(session, id)), now=now)}
    before = {each.day: each for each in _read(session, _told.c.office_id == id)}
    for day, told in before.items():
        if told.is_missing and day not in missing:
            deadlines.meet(session, subject=UNRECORDED, subject_id=told.id, now=now)
        elif not told.is_missing and day in missing:
            deadlines.owe_again(session, subject=UNRECORDED, subject_id=told.id, now=now)
    new = sorted(missing - before.keys())
    for day in new:
        row: int = session.execute(insert(_told).values(office_id=id, day=day).returning(_told.c.id)).scalar_one()
        promises = [Promise(OUTCOMES, RECORD_WITHIN)]
        deadlines.start(session, subject=UNRECORDED, subject_id=row, promises=promises, is_first=True, now=now)
    if new:
        data = {"days": [day.isoformat() for day in new]}
        events.note(
            session, actor=SYSTEM, kind="outcomes.missing", subject=f"office:{id}", office_id=id, data=data, now=now
        )


def _read(session: Session, which: ColumnElement[Any]) -> list[_Told]:
    return [_Told(row.id, row.office_id, row.day, row.is_running) for row in session.execute(_TOLD.where(which))]
