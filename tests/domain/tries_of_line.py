"""What is given to the actions in the line where they are tried, and two people who are in it at each office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from desk.appointments.rules import AppointmentState
from desk.capacity.models import Queue, Slot
from desk.catalogue.models import Service
from desk.line import actions as line
from desk.line.models import LineEntry
from desk.line.rules import EntryState, LineRules, Press
from desk.storage.base import WriteSession
from desk.visits.rules import Outcome
from desk.waiting.rules import ClassReason
from tests.makers import NOW, at, make_appointment, make_slot


def put_in_line(session: WriteSession, *, appointment: Any, counter: Any = None, **said: Any) -> LineEntry:
    """Somebody who came to their appointment and waits, or was called three times to a counter."""
    called_at = None if counter is None else NOW - timedelta(minutes=5)
    entry = LineEntry(
        **{
            "appointment_id": appointment.id,
            "office_id": appointment.office_id,
            "day": appointment.day,
            "call_number": appointment.code[-4:],
            "is_walk_in": False,
            "came_at": NOW - timedelta(minutes=30),
            "lines_up_at": NOW - timedelta(minutes=30),
            "quarter_at": appointment.starts_at,
            "state": EntryState.HERE if counter is None else EntryState.CALLED,
            "counter": counter,
            "first_called_at": called_at,
            "called_at": called_at,
            "calls": 0 if counter is None else 3,
            "changed_at": NOW - timedelta(minutes=5),
            **said,
        }
    )
    session.add(entry)
    session.flush()
    return entry


def put_done(session: WriteSession, *, appointment: Any, class_id: int) -> None:
    """Somebody of a class whose visit is over."""
    done: dict[str, Any] = {"state": EntryState.DONE, "done_from": EntryState.HERE}
    put_in_line(session, appointment=appointment, class_id=class_id, **done)


def two_in_line(session: WriteSession, *, called: Any) -> int:
    """The one is called to a counter; the id of another one at the same office, who waits."""
    put_in_line(session, appointment=called, counter=1)
    queue = session.get_one(Queue, session.get_one(Slot, called.slot_id).queue_id)
    slot = make_slot(session, queue=queue, starts_at=at(hour=9))
    service = session.get_one(Service, called.service_id)
    waits = make_appointment(session, slot=slot, service=service, state=AppointmentState.ARRIVED)
    put_in_line(session, appointment=waits)
    return waits.id


def _with_arrived(place: Any) -> dict[str, Any]:
    return {"appointment_id": place.arrived}


_PRESS = Press(key="k", pressed_at=NOW)


IN_LINE: dict[Callable[..., Any], Callable[[Any], dict[str, Any]]] = {
    line.call_next: lambda place: {"office_id": place.office.id, "counter": 2},
    line.call_this: lambda place: {"appointment_id": place.waits, "counter": 2},
    line.call_again: _with_arrived,
    line.begin: _with_arrived,
    line.move_to_counter: lambda place: {"appointment_id": place.arrived, "counter": 2},
    line.hold: _with_arrived,
    line.take_back: _with_arrived,
    line.to_the_end: _with_arrived,
    line.went_away: _with_arrived,
    line.undo: lambda place: {"appointment_id": place.waits},
    line.give_class: lambda place: {"appointment_id": place.waits, "class_id": None, "reason": ClassReason.SEEN},
    line.enter_walk_in: lambda place: {"appointment_id": place.booked},
    line.arrive: lambda place: {"appointment_id": place.booked, "press": _PRESS},
    line.finish: lambda place: {"appointment_id": place.arrived, "outcome": Outcome.SERVED, "press": _PRESS},
}
"""For who records at an office: the action, and what it is given at a place."""

SETTING: dict[Callable[..., Any], Callable[[Any], dict[str, Any]]] = {
    line.set_line_rules: lambda place: {"office_id": place.office.id, "rules": LineRules(late_after=5)},
}
"""For who plans its days."""
