"""The history of the line: each step is an event of its appointment, with the values before and after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.appointments.history import APPOINTMENTS, EventKind, subject_of
from desk.events import actions as events
from desk.events.models import Event
from desk.line.rules import EntryState
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of


class LineEvent(StrEnum):
    """The kinds of event of somebody in the line."""

    CALLED = "line.called"
    CALLED_AGAIN = "line.called_again"
    BEGAN = "line.began"
    HELD = "line.held"
    TAKEN_BACK = "line.taken_back"
    TO_COUNTER = "line.to_counter"
    TO_THE_END = "line.to_the_end"
    WENT_AWAY = "line.went_away"
    PRIORITY = "line.priority"
    """Priority was given or taken; which class does not stand in the history of the person."""
    UNDONE = "line.undone"


SETTINGS = "line.settings"
"""The event that the numbers of the order at an office were set."""
STEPS = frozenset(LineEvent) - {LineEvent.PRIORITY, LineEvent.UNDONE}
"""Those that `undo` takes back."""
_BEGINS_ANEW = frozenset({EventKind.ARRIVED, EventKind.ARRIVAL_UNDONE, EventKind.CANCELLED, EventKind.FALLEN})
"""What came before these is not taken back any more."""
_MOMENTS = ("lines_up_at", "quarter_at", "first_called_at", "called_at", "began_at")

_events = table_of(Event)
_STEPS = (
    select(*_events.c["kind", "data"])
    .where(
        _events.c.subject == bindparam("subject"),
        _events.c.kind.in_(sorted({*STEPS, LineEvent.UNDONE, *_BEGINS_ANEW})),
    )
    .order_by(_events.c.id)
)


class LineStep(NamedTuple):
    """A step of somebody in the line, with the values of the entry that it changed."""

    kind: LineEvent
    old: Mapping[str, Any]
    new: Mapping[str, Any]


def write_step(
    session: WriteSession,
    *,
    appointment_id: int,
    office_id: int,
    day: date,
    kind: LineEvent,
    actor: Actor,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """Write one step into the history, and tell the open pages of this office and day."""
    events.note(
        session,
        kind=kind,
        subject=subject_of(appointment_id),
        actor=actor,
        office_id=office_id,
        old=None if old is None else _plain(old),
        new=None if new is None else _plain(new),
        data=data,
        is_told=False,  # told below, by the subject that pages subscribe to
        now=now,
    )
    session.changed(APPOINTMENTS, appointment_id, office_id=office_id, day=day)


def last_step(session: Session, *, appointment_id: int) -> LineStep | None:
    """The last step since the person came that was not taken back; None = there is none."""
    stack: list[LineStep] = []
    for kind, data in session.execute(_STEPS, {"subject": subject_of(appointment_id)}):
        if kind in _BEGINS_ANEW:
            stack.clear()
        elif kind == LineEvent.UNDONE:
            del stack[-1:]
        else:
            stack.append(LineStep(LineEvent(kind), _read(data.get("old", {})), _read(data.get("new", {}))))
    return stack[-1] if stack else None


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def _read(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as columns of the entry hold them."""
    found = dict(values)
    for name in _MOMENTS:
        if found.get(name) is not None:
            found[name] = datetime.fromisoformat(found[name])
    if "state" in found:
        found["state"] = EntryState(found["state"])
    return found
