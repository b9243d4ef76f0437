"""The number of the original paper, typed at the counter: it proves an appointment, and the other of its number falls.

The number is compared by its hash and stored nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select

from desk.acting import Actor
from desk.appointments.contested import lock_live_of_number, stand_alone
from desk.appointments.ending import fall
from desk.appointments.history import EventKind, subject_of, write_event
from desk.events import actions as events
from desk.events.models import Event
from desk.people.links import is_of_person
from desk.people.rules import IdentityDigest
from desk.staff import number_search
from desk.storage.base import WriteSession
from desk.storage.types import UtcDateTime
from desk.storage.upsert import table_of
from desk.visits.recording import AppointmentToRecord, appointment_of
from desk.visits.refusals import NotRecordable, TooManyWrongNumbers

DIFFERS = "appointment.number_differs"
"""The event that a typed number is not that of the appointment."""
MOST_WRONG = 5
"""Wrong numbers for one appointment within `WRONG_WITHIN`, after which none is compared any more."""
WRONG_WITHIN = timedelta(hours=24)

_event = table_of(Event)
_WRONG = select(func.count(), func.min(_event.c.at)).where(
    _event.c.subject == bindparam("subject"),
    _event.c.kind == DIFFERS,
    _event.c.at > bindparam("since", type_=UtcDateTime()),
)


@dataclass(frozen=True, slots=True)
class ComparedPaper:
    """What the number of the original paper showed."""

    fits: bool
    fell: int = 0
    """How many other appointments of the number fell."""
    tries_left: int = MOST_WRONG
    """How many more wrong numbers are compared for this appointment."""


def prove(
    session: WriteSession, *, appointment_id: int, identity: IdentityDigest, actor: Actor, now: datetime
) -> ComparedPaper:
    """Compare the number of the original with that of the appointment, on its day.

    Any paper of the person fits that staff linked. Then this appointment stands, and the one that another chat has with
    the same number, or a linked one, for the same service falls (`desk.appointments.ending.fall`). Where it does not,
    nothing changes; it is counted for the appointment and for the account. The history records the clerk in both cases.

    Raises NotRecordable(state) unless it is a live appointment of today, NotYetTheDay, TooManyWrongNumbers,
    TooManyNumbers, OutOfReach, LookupError.
    """
    appointment = appointment_of(session, appointment_id, actor=actor, now=now)
    if appointment.person_id is None or appointment.day != appointment.today:
        raise NotRecordable(appointment_id=appointment.id, state=appointment.state)
    if actor.staff_id is not None:
        number_search.require_tries_left(session, actor=actor, now=now)
    wrong, first_at = session.execute(
        _WRONG, {"subject": subject_of(appointment.id), "since": now - WRONG_WITHIN}
    ).one()
    if wrong >= MOST_WRONG:
        raise TooManyWrongNumbers(until=first_at + WRONG_WITHIN)
    of_number = lock_live_of_number(session, person_id=appointment.person_id, service_id=appointment.service_id)
    own = next((each for each in of_number if each.id == appointment.id), None)
    if own is None:  # it is over, or the other was proven at this moment
        raise NotRecordable(appointment_id=appointment.id, state=appointment.state)
    if not is_of_person(session, person_id=appointment.person_id, identity=identity):
        _note_wrong(session, appointment, actor=actor, now=now)
        return ComparedPaper(fits=False, tries_left=MOST_WRONG - wrong - 1)
    write_event(
        session,
        appointment_id=appointment.id,
        office_id=appointment.office_id,
        day=appointment.day,
        kind=EventKind.PROVEN,
        state=appointment.state,
        slot_id=appointment.slot_id,
        actor=actor,
        now=now,
    )
    # Of two of one chat, on linked papers, the person says which stays.
    others = [each for each in of_number if each.id != own.id and each.day >= appointment.today]
    others = [each for each in others if own.conversation_id is None or each.conversation_id != own.conversation_id]
    for other in others:
        is_same_number = other.person_id == own.person_id
        fall(session, appointment_id=other.id, counts=is_same_number, actor=actor, now=now)
    if own.is_contested and len(others) == len(of_number) - 1:
        stand_alone(session, appointment_id=own.id)
    return ComparedPaper(fits=True, fell=len(others))


def _note_wrong(session: WriteSession, appointment: AppointmentToRecord, *, actor: Actor, now: datetime) -> None:
    if actor.staff_id is not None:
        number_search.count_miss(session, actor=actor, now=now)
    events.note(
        session,
        kind=DIFFERS,
        subject=subject_of(appointment.id),
        actor=actor,
        office_id=appointment.office_id,
        is_told=False,
        now=now,
    )
