"""Finds the place of changes for open pages: office and day of appointments, node of cases; never content."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import String, bindparam, cast, func, select, union_all
from sqlalchemy.orm import Session

from desk.appointments.history import APPOINTMENTS, SUBJECT, EventKind
from desk.appointments.models import Appointment
from desk.capacity.models import Queue, Slot
from desk.cases.deadlines import CASES
from desk.cases.models import Case, CaseEntry
from desk.cases.reach import Placed, covers
from desk.events.models import Event
from desk.line.history import LineEvent
from desk.marshals.alarms import CROWD
from desk.offices.models import Office
from desk.organisation import Scope, office
from desk.storage.signals import EVERYTHING, ChangedRow
from desk.storage.upsert import table_of

_events, _slots, _queues, _offices = table_of(Event), table_of(Slot), table_of(Queue), table_of(Office)
_cases, _entries, _appointments = table_of(Case), table_of(CaseEntry), table_of(Appointment)
_handlers = _offices.alias("handlers")

TOLD = frozenset({APPOINTMENTS, CASES, CROWD, EVERYTHING.subject})
"""The subjects that open pages show."""
IDS_AT_ONCE = 500
"""More changed rows than this are reported as EVERYTHING: looking up their places would cost more than reloading."""
LATE = "late"
"""The name of the mark that counts rows committed late."""
LATE_IDS = 100
"""Transactions may commit in another order than their ids: so many ids before the mark are read again."""


@dataclass(frozen=True, slots=True)
class ListChanged:
    """The list of this office and day has changed; a moved appointment changes two lists."""

    office_id: int
    area: str
    """The path of the area of the office."""
    day: date

    def is_for(self, scope: Scope) -> bool:
        """Whether somebody who may read appointments within `scope` may be told."""
        return scope.covers(office(self.office_id, area=self.area))


@dataclass(frozen=True, slots=True)
class CaseChanged:
    """A case was filed or changed. Told within the scope of CASES_READ: an office must not learn of a complaint
    about it."""

    case: Placed

    def is_for(self, scope: Scope) -> bool:
        """Whether somebody who may read cases within `scope` may be told."""
        return covers(scope, self.case)


@dataclass(frozen=True, slots=True)
class CrowdTold:
    """A crowd was told of, or somebody saw that it was; told within the scope of CAPACITY_WRITE."""

    office_id: int
    area: str

    def is_for(self, scope: Scope) -> bool:
        """Whether somebody who is told of crowds within `scope` may be told."""
        return scope.covers(office(self.office_id, area=self.area))


Signal = ListChanged | CaseChanged | CrowdTold

_AREAS = select(_offices.c.id, _offices.c.area).where(_offices.c.id.in_(bindparam("offices", expanding=True)))
_PLACED = (
    select(
        _cases.c.kind,
        _cases.c.office_id,
        _cases.c.handler_office_id,
        _cases.c.handler_province_code,
        _handlers.c.area,
    )
    .outerjoin(_handlers, _handlers.c.id == _cases.c.handler_office_id)
    .where(_cases.c.id.in_(bindparam("cases", expanding=True)))
)
_SLOTS_OF_EVENT = tuple(_events.c.data[side]["slot"].as_integer() for side in ("new", "old"))
_OF_APPOINTMENTS = select(_events.c.id, _appointments.c.id).join(
    _appointments, _events.c.subject == SUBJECT + cast(_appointments.c.id, String)
)
_SINCE_MARK = _events.c.id > bindparam("mark")
_found = union_all(
    _OF_APPOINTMENTS.add_columns(_queues.c.office_id, _slots.c.day)
    .join(_slots, _slots.c.id.in_(_SLOTS_OF_EVENT))
    .join(_queues, _queues.c.id == _slots.c.queue_id)
    .where(_SINCE_MARK, _events.c.kind.in_(list(EventKind))),
    _OF_APPOINTMENTS.add_columns(_appointments.c.office_id, _appointments.c.day).where(
        _SINCE_MARK, _events.c.kind.in_(list(LineEvent))
    ),
).subquery("found")
_NEW_EVENTS = select(*_found.c).order_by(_found.c[0])
_NEWEST_EVENT = select(func.max(_events.c.id))
_ENTRIES = select(func.count()).select_from(_entries)


def signals_of(session: Session, changes: Iterable[ChangedRow]) -> frozenset[Signal] | None:
    """The signals of these changes; None = too many, or some may have been missed."""
    changes = [each for each in changes if each.subject in TOLD]
    if EVERYTHING in changes or len(changes) > IDS_AT_ONCE:
        return None
    lists = {
        (each.office_id, each.day)
        for each in changes
        if each.subject == APPOINTMENTS and each.office_id is not None and each.day is not None
    }
    crowds = {each.office_id for each in changes if each.subject == CROWD and each.office_id is not None}
    cases = [each.id for each in changes if each.subject == CASES]
    found: set[Signal] = set()
    if lists or crowds:
        rows = session.execute(_AREAS, {"offices": list({id for id, _day in lists} | crowds)})
        areas = {row.id: row.area for row in rows}
        found.update(CrowdTold(id, areas[id]) for id in crowds if id in areas)
        found.update(ListChanged(id, areas[id], day) for id, day in lists if id in areas)
    if cases:
        found.update(CaseChanged(Placed(*row)) for row in session.execute(_PLACED, {"cases": cases}))
    return frozenset(found)


def changes_since(session: Session, marks: dict[str, int]) -> tuple[frozenset[ChangedRow], dict[str, int]]:
    """The changes in the histories of appointments and cases since `marks`, and the new marks; empty marks = from now
    on.

    Where something is new, the last rows before the mark may be returned twice, which only costs another look. A row
    that is committed late, before the mark, is noticed by the number of these rows. Entries of cases have no order that
    is not their case's own, so where their number differs, everything has changed.
    """
    changes: set[ChangedRow] = set()
    mark = marks[APPOINTMENTS] if marks else session.scalar(_NEWEST_EVENT) or 0
    rows = session.execute(_NEW_EVENTS.limit(IDS_AT_ONCE + LATE_IDS), {"mark": mark - LATE_IDS}).all()
    reached = {CASES: session.scalar(_ENTRIES) or 0, APPOINTMENTS: mark}
    if marks:
        reached[APPOINTMENTS] = max((mark, *(id for id, *_ in rows)))
    reached[LATE] = sum(reached[APPOINTMENTS] - LATE_IDS < id <= reached[APPOINTMENTS] for id, *_ in rows)
    if marks and (reached[APPOINTMENTS], reached[LATE]) != (mark, marks[LATE]):
        changes.update(ChangedRow(APPOINTMENTS, *changed) for _, *changed in rows)
    if marks and reached[CASES] != marks[CASES]:
        changes.add(EVERYTHING)
    return frozenset(changes), reached
