"""The history for those who may review it: within their scope, filtered, newest first, with names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, Text, bindparam, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.calendar import TEHRAN
from desk.capacity.models import Queue
from desk.cases.models import Case
from desk.catalogue.models import Service
from desk.codes import TrackingCode
from desk.events.models import Event
from desk.events.queries import COLUMNS, EventRow
from desk.language.text import Localised
from desk.offices.models import Office
from desk.offices.reach import office_ids_within, provinces_within
from desk.organisation import Scope
from desk.reading.folding import folded_words
from desk.staff.models import StaffMember
from desk.storage.types import localised
from desk.storage.upsert import table_of
from desk.values import zone_named

_event, _member, _office = table_of(Event), table_of(StaffMember), table_of(Office)
_NAMED = {
    "queue": (table_of(Queue).c.id, table_of(Queue).c.name),
    "service": (table_of(Service).c.id, table_of(Service).c.short_title),
    "staff": (_member.c.id, _member.c.name),
    "appointment": (table_of(Appointment).c.id, table_of(Appointment).c.code),
    "case": (table_of(Case).c.id, table_of(Case).c.code),
}
"""The tables of subjects that the history names by id, and the column by which people know each."""
_TEXTS = ("queue", "service")
"""Those whose column holds a text per language."""
HOLDER = "assigned_to"
"""The value of events that is the id of a member of staff."""
_FOUND = (
    select(*COLUMNS, _member.c.name, _office.c.code, _office.c.name, func.count().over())
    .select_from(_event)
    .outerjoin(_member, _member.c.id == _event.c.actor_id)
    .outerjoin(_office, _office.c.id == _event.c.office_id)
    .order_by(_event.c.id.desc())
)
_NAMES = union_all(
    *(
        select(literal(kind), id, cast(name, Text)).where(id.in_(bindparam(kind, expanding=True)))
        for kind, (id, name) in _NAMED.items()
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The filter of the history; empty fields do not filter."""

    staff: str = ""
    """Part of the name or username of a member of staff."""
    office: str = ""
    """Part of the code or name of an office."""
    code: TrackingCode | None = None
    """The code of an appointment or case that an event is about, or that was read."""
    kind: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """An event with the names of the actor, the office and the subject."""

    event: EventRow
    actor_name: str | None
    office_code: str | None
    office_name: Localised | None
    named: str | Localised | None
    """The name of its subject; None where it has none or is deleted."""
    members: Mapping[int, str]
    """The names of the staff whose ids its values hold."""


@dataclass(frozen=True, slots=True)
class Found:
    """Some of the matching events, and the number of all."""

    rows: list[HistoryLine]
    total: int


def found(session: Session, *, scope: Scope, wanted: Wanted, limit: int, skip: int = 0) -> Found:
    """The matching events within `scope`, newest first; those about the whole country need the nation as scope."""
    fits = [_within(scope), *_fitting(wanted)]
    rows = session.execute(_FOUND.where(*fits).limit(limit).offset(skip)).all()
    if not rows:
        return Found([], (session.scalar(select(func.count()).select_from(_event).where(*fits)) or 0) if skip else 0)
    events = [EventRow(*row[: len(COLUMNS)]) for row in rows]
    named = {event.id: _members_in(event) for event in events}
    names = _names(
        session, [event.subject for event in events] + [f"staff:{id}" for ids in named.values() for id in ids]
    )
    return Found(
        [
            HistoryLine(
                event=event,
                actor_name=row[-4],
                office_code=row[-3],
                office_name=row[-2],
                named=names.get(event.subject),
                members={id: str(name) for id in named[event.id] if (name := names.get(f"staff:{id}"))},
            )
            for event, row in zip(events, rows, strict=True)
        ],
        rows[0][-1],
    )


def _members_in(event: EventRow) -> list[int]:
    """The ids of staff in the values of an event."""
    values = (event.data.get(side, {}).get(HOLDER) for side in ("old", "new"))
    return [value for value in values if isinstance(value, int)]


def _within(scope: Scope) -> ColumnElement[bool]:
    return or_(office_ids_within(scope, _event.c.office_id), provinces_within(scope, _event.c.province_code))


def _fitting(wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    if wanted.staff:
        held = [_member.c.search_words.contains(word, autoescape=True) for word in folded_words(wanted.staff)]
        yield _event.c.actor_id.in_(select(_member.c.id).where(*held))
    if wanted.office:
        held = [_office.c.search_words.contains(word, autoescape=True) for word in folded_words(wanted.office)]
        yield _event.c.office_id.in_(select(_office.c.id).where(*held))
    if wanted.code is not None:
        yield or_(*(_touches(kind, wanted.code) for kind in ("appointment", "case")))
    if wanted.kind:
        yield _event.c.kind == wanted.kind
    if wanted.day is not None:
        begins, ends = (
            datetime.combine(each, time(), zone_named(TEHRAN)) for each in (wanted.day, wanted.day + timedelta(days=1))
        )
        yield _event.c.at >= begins
        yield _event.c.at < ends


def _touches(kind: str, code: TrackingCode) -> ColumnElement[bool]:
    """The condition that an event is about the appointment or case of this code, or showed it to somebody."""
    id, _name = _NAMED[kind]
    subject = select(literal(f"{kind}:") + cast(id, String)).where(id.table.c.code == code.digits).scalar_subquery()
    return or_(
        _event.c.subject == subject,
        cast(_event.c.others, Text).like(literal('%"') + subject + literal('"%')),
    )


def _names(session: Session, subjects: Sequence[str]) -> dict[str, str | Localised]:
    """The names of these subjects, in one statement."""
    asked: dict[str, list[int]] = {kind: [] for kind in _NAMED}
    for subject in subjects:
        kind, _colon, id = subject.partition(":")
        if kind in asked and id.isdecimal():
            asked[kind].append(int(id))
    if not any(asked.values()):
        return {}
    rows: Iterable[Any] = session.execute(_NAMES, asked)
    return {f"{kind}:{id}": (localised(name) or name) if kind in _TEXTS else name for kind, id, name in rows if name}
