"""What the person says to a recorded absence: that they were there, or that they could not come."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from desk.absences.models import Absence
from desk.absences.reactors import ABSENCES
from desk.absences.refusals import AbsenceSettled, NoAbsence
from desk.absences.rules import DECIDE_WITHIN, AbsenceState, may_object
from desk.acting import Actor
from desk.appointments.models import Appointment
from desk.conversations.actions import require_chat
from desk.deadlines import actions as deadlines
from desk.deadlines.queries import due_at
from desk.deadlines.rules import OBJECTION, Promise
from desk.events import actions as events
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_absences, _appointments = table_of(Absence), table_of(Appointment)
_LAST = (
    select(*_absences.c["id", "state", "recorded_at", "office_id"])
    .join(_appointments, _appointments.c.id == _absences.c.appointment_id)
    .where(
        _absences.c.appointment_id == bindparam("appointment"),
        _appointments.c.conversation_id == bindparam("chat"),
    )
    .order_by(_absences.c.nth.desc())
    .limit(1)
)


class _Last(NamedTuple):
    """The last absence of an appointment of the chat."""

    id: int
    state: AbsenceState
    recorded_at: datetime
    office_id: int


def say_there(session: WriteSession, *, appointment_id: int, actor: Actor, now: datetime) -> datetime:
    """The person says that they were there: a second person decides; returns until when.

    Saying it again changes nothing. Raises NoAbsence, AbsenceSettled(state).
    """
    last = _last(session, appointment_id, actor=actor)
    if last.state is not AbsenceState.OBJECTED:
        if not may_object(last.state, last.recorded_at, now=now):
            raise AbsenceSettled(last.state)
        _answer(session, last, state=AbsenceState.OBJECTED, actor=actor, now=now)
        promises = [Promise(OBJECTION, DECIDE_WITHIN)]
        deadlines.start(session, subject=ABSENCES, subject_id=last.id, promises=promises, is_first=True, now=now)
    return due_at(session, subject=ABSENCES, subject_id=last.id) or now


def say_away(session: WriteSession, *, appointment_id: int, actor: Actor, now: datetime) -> None:
    """The person says that they could not come; until it is too late they may still say otherwise.

    Saying it again changes nothing. Raises NoAbsence, AbsenceSettled(state).
    """
    last = _last(session, appointment_id, actor=actor)
    if last.state is AbsenceState.AWAY:
        return
    if last.state is not AbsenceState.ASKED:
        raise AbsenceSettled(last.state)
    _answer(session, last, state=AbsenceState.AWAY, actor=actor, now=now)


def _last(session: WriteSession, appointment_id: int, *, actor: Actor) -> _Last:
    asked = {"appointment": appointment_id, "chat": require_chat(actor)}
    session.flush()
    found = session.execute(_LAST, asked).one_or_none()
    if found is None:
        raise NoAbsence(appointment_id)
    return _Last(*found)


def _answer(session: WriteSession, last: _Last, *, state: AbsenceState, actor: Actor, now: datetime) -> None:
    done = session.connection().execute(
        update(_absences)
        .where(_absences.c.id == last.id, _absences.c.state == last.state)
        .values(state=state, answered_at=now)
    )
    if done.rowcount != 1:
        raise AbsenceSettled(last.state)
    events.note(
        session,
        kind="absence.answered",
        subject=f"absence:{last.id}",
        actor=actor,
        office_id=last.office_id,
        old={"state": last.state},
        new={"state": state},
        now=now,
    )
