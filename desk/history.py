"""The history for those who may review it: within their scope, filtered, newest first, with names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Select,
    String,
    Text,
    bindparam,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.calendar import TEHRAN
from desk.capacity.models import Queue, Slot
from desk.cases.models import Case
from desk.cases.stored import code_of, marks_of_code
from desk.catalogue.models import Service
from desk.codes import TrackingCode
from desk.consequences.models import Change, ChangedAppointment
from desk.draws.models import Draw
from desk.events.models import Event
from desk.events.queries import COLUMNS, EventRow
from desk.events.shown import seen
from desk.language.text import Localised
from desk.offices.models import Office
from desk.offices.reach import office_ids_within, provinces_within
from desk.organisation import Scope
from desk.reading.folding import folded_words
from desk.staff.models import StaffMember
from desk.storage.among import among
from desk.storage.base import keys_of
from desk.storage.encryption import Keys
from desk.storage.types import localised
from desk.storage.upsert import table_of
from desk.values import LocalMoment, zone_named
from desk.waiting.models import PriorityClass, StandingRequest

_event, _member, _office = table_of(Event), table_of(StaffMember), table_of(Office)
_appointment, _change, _hit = table_of(Appointment), table_of(Change), table_of(ChangedAppointment)
_case = table_of(Case)
_slot, _queue = table_of(Slot), table_of(Queue)
_draw, _service = table_of(Draw), table_of(Service)
_NAMED = {
    "office": (_office.c.id, _office.c.name),
    "queue": (_queue.c.id, _queue.c.name),
    "service": (_service.c.id, _service.c.short_title),
    "staff": (_member.c.id, _member.c.name),
    "appointment": (_appointment.c.id, _appointment.c.code),
    "case": (_case.c.id, null()),
    "changed_turn": (_hit.c.id, _appointment.c.code),
    "priority_class": (table_of(PriorityClass).c.id, table_of(PriorityClass).c.name),
    "draw": (_draw.c.id, select(_service.c.short_title).where(_service.c.id == _draw.c.service_id).scalar_subquery()),
    "standing_request": (table_of(StandingRequest).c.id, table_of(StandingRequest).c.public_id),
}
"""The tables of subjects that the history names by id, and the column by which people know each; a case by its code,
which is encrypted."""
_TEXTS = ("office", "queue", "service", "priority_class", "draw")
"""Those whose column holds a text per language."""
OF_PEOPLE = ("appointment:", "case:", "changed_turn:", "standing_request:")
"""The prefixes of subjects that are something of an applicant."""
_CODED = {"appointment": _appointment.c.code, "case": _case.c.code_mark}
"""The columns by which a code finds them."""
CHANGE = "change:"
"""The prefix of an event's subject that is a change that hit people."""
HOLDER = "assigned_to"
"""The value of events that is the id of a member of staff."""
SLOT = "slot"
"""The value of events that is the id of a slot."""
_FOUND = (
    select(
        *COLUMNS,
        _member.c.name.label("actor_name"),
        _office.c.code.label("office_code"),
        _office.c.name.label("office_name"),
        func.count().over().label("total"),
    )
    .select_from(_event)
    .outerjoin(_member, _member.c.id == _event.c.actor_id)
    .outerjoin(_office, _office.c.id == _event.c.office_id)
    .order_by(_event.c.id.desc())
)
_NAMES = union_all(
    *(
        select(
            literal(kind), id, cast(name, Text), _case.c.code_sealed if kind == "case" else cast(null(), LargeBinary)
        )
        .where(id.in_(bindparam(kind, expanding=True)))
        .where(*([_hit.c.appointment_id == _appointment.c.id] if kind == "changed_turn" else []))
        for kind, (id, name) in _NAMED.items()
    )
)
_CHANGED = select(_change.c.id, _change.c.subject).where(_change.c.id.in_(bindparam("ids", expanding=True)))
_STARTS = (
    select(_slot.c.id, _slot.c.starts_at, _office.c.zone)
    .join(_queue, _queue.c.id == _slot.c.queue_id)
    .join(_office, _office.c.id == _queue.c.office_id)
    .where(_slot.c.id.in_(bindparam("ids", expanding=True)))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryFilter:
    """The filter of the history; empty fields do not filter."""

    staff: str = ""
    """Part of the name or username of a member of staff: who acted, or whose account it is about."""
    office: str = ""
    """Part of the code or name of an office."""
    code: TrackingCode | None = None
    """The code of an appointment or case that an event is about, or that was read."""
    subject: str = ""
    """What the events are about, such as `queue:7`."""
    kinds: tuple[str, ...] = ()
    """Any of these kinds."""
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """An event with the names of the actor, the office and the subject."""

    event: EventRow
    actor_name: str | None
    office_code: str | None
    office_name: Localised | None
    about: str
    """Its subject; of a change that hit people, what was changed."""
    named: str | Localised | None
    """The name of what it is about; None where it has none or is deleted."""
    members: Mapping[int, str]
    """The names of the staff whose ids its values hold."""
    times: Mapping[int, LocalMoment]
    """The times of the slots whose ids its values hold, without those that are deleted."""


@dataclass(frozen=True, slots=True)
class FoundEvents:
    """Some of the matching events, and the number of all."""

    rows: list[HistoryLine]
    total: int


def found(session: Session, *, scope: Scope, wanted: HistoryFilter, limit: int, skip: int = 0) -> FoundEvents:
    """The matching events within `scope`, newest first; those about the whole country need the nation as scope."""
    fits = [_within(scope), *_fitting(keys_of(session), wanted)]
    rows = session.execute(_FOUND.where(*fits).limit(limit).offset(skip)).all()
    if not rows:
        return FoundEvents(
            [], (session.scalar(select(func.count()).select_from(_event).where(*fits)) or 0) if skip else 0
        )
    events = [EventRow(*row[: len(COLUMNS)]) for row in rows]
    for event in events:
        if event.subject.startswith(OF_PEOPLE):
            seen(event.subject)  # a line shows the code, and of a change the times
    members = {event.id: _ids_in(event, HOLDER) for event in events}
    slots = {event.id: _ids_in(event, SLOT) for event in events}
    hit = [_number(event.subject) for event in events if event.subject.startswith(CHANGE)]
    changed = {f"{CHANGE}{id}": subject for id, (subject,) in _by_id(session, _CHANGED, hit).items()}
    about = {event.id: changed.get(event.subject, event.subject) for event in events}
    names = _names(session, [*about.values(), *(f"staff:{id}" for ids in members.values() for id in ids)])
    starts = _by_id(session, _STARTS, (id for ids in slots.values() for id in ids))
    return FoundEvents(
        [
            HistoryLine(
                event=event,
                actor_name=row.actor_name,
                office_code=row.office_code,
                office_name=row.office_name,
                about=about[event.id],
                named=names.get(about[event.id]),
                members={id: str(name) for id in members[event.id] if (name := names.get(f"staff:{id}"))},
                times={id: LocalMoment(*starts[id]) for id in slots[event.id] if id in starts},
            )
            for event, row in zip(events, rows, strict=True)
        ],
        rows[0].total,
    )


def _ids_in(event: EventRow, name: str) -> list[int]:
    """The ids that the values of an event give under this name."""
    values = (event.data.get(side, {}).get(name) for side in ("old", "new"))
    return [value for value in values if isinstance(value, int)]


def _number(subject: str) -> int:
    id = subject.partition(":")[2]
    return int(id) if id.isdecimal() else 0


def _by_id(session: Session, statement: Select[Any], ids: Iterable[int]) -> dict[int, tuple[Any, ...]]:
    """The rows of these ids; nothing is asked where there are none."""
    asked = sorted(set(ids))
    return {row[0]: tuple(row[1:]) for row in session.execute(statement, {"ids": asked})} if asked else {}


def _within(scope: Scope) -> ColumnElement[bool]:
    return or_(office_ids_within(scope, _event.c.office_id), provinces_within(scope, _event.c.province_code))


def _fitting(keys: Keys, wanted: HistoryFilter) -> Iterable[ColumnElement[bool]]:
    if wanted.subject:
        yield _event.c.subject == wanted.subject
    if wanted.staff:
        held = [_member.c.search_words.contains(word, autoescape=True) for word in folded_words(wanted.staff)]
        meant = select(_member.c.id).where(*held)
        whose = select(literal("staff:") + cast(_member.c.id, String)).where(*held)
        yield or_(_event.c.actor_id.in_(meant), _event.c.subject.in_(whose))
    if wanted.office:
        held = [_office.c.search_words.contains(word, autoescape=True) for word in folded_words(wanted.office)]
        yield _event.c.office_id.in_(select(_office.c.id).where(*held))
    if wanted.code is not None:
        yield or_(_touches("appointment", [wanted.code.digits]), _touches("case", marks_of_code(keys, wanted.code)))
    if wanted.kinds:
        yield among(_event.c.kind, wanted.kinds)
    if wanted.day is not None:
        begins, ends = (
            datetime.combine(each, time(), zone_named(TEHRAN)) for each in (wanted.day, wanted.day + timedelta(days=1))
        )
        yield _event.c.at >= begins
        yield _event.c.at < ends


def _touches(kind: str, codes: Sequence[str]) -> ColumnElement[bool]:
    """The condition that an event is about the appointment or case found by these, or showed it to somebody."""
    id, _name = _NAMED[kind]
    subject = select(literal(f"{kind}:") + cast(id, String)).where(_CODED[kind].in_(codes)).scalar_subquery()
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
    keys = keys_of(session)
    found: dict[str, str | Localised] = {}
    for kind, id, name, code_sealed in session.execute(_NAMES, asked):
        if code_sealed is not None:
            found[f"{kind}:{id}"] = code_of(keys, code_sealed, id=id).digits
        elif name:
            found[f"{kind}:{id}"] = (localised(name) or name) if kind in _TEXTS else name
    return found
