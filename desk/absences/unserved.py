"""A visit that the office did not give: its appointment ends as cancelled by the office, and another one is booked.

The place in the line of those who wait is kept too (`desk.appointments.proposing.kept_since`), where nothing is free.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from desk.absences.notices import tell_instead
from desk.absences.refusals import UnservedWithoutReason
from desk.absences.rules import LONGEST_REASON, AbsenceNotice
from desk.acting import Actor
from desk.appointments.booking import Booked, appointments, book
from desk.appointments.changing import appointment_to_change
from desk.appointments.history import EventKind
from desk.appointments.notices import withdraw
from desk.appointments.one_place import place_left
from desk.appointments.refusals import QuotaUsedUp, SlotPassed, SlotTaken
from desk.appointments.rules import LIVE, AppointmentState
from desk.appointments.the_rest import correct_all
from desk.calendar import instant_of, local_day_of
from desk.codes import CodeKind, TrackingCode
from desk.consequences.carrying import nearest_free
from desk.places.claims import give_back
from desk.refusals import Refusal, whole
from desk.storage.base import WriteSession
from desk.visits.recording import AppointmentToRecord, appointment_of, set_state
from desk.visits.refusals import NotRecordable

DAYS_TO_READ_IT = 2
"""Nobody is given a time that is over, or that they can no longer reach, when they read of it."""
TRIES = 3
"""How often another slot is searched for when the one that was found is taken meanwhile."""


def record_unserved(
    session: WriteSession, *, appointment_id: int, reason: str, actor: Actor, now: datetime
) -> Booked | None:
    """Record, for an appointment of a past day without an outcome, that the office did not serve its person.

    They are told the reason and get the nearest free time, which is returned; None = nothing is free, or nobody is left
    to book for. It is the office's doing and counts for no limit of the chat.
    Raises UnservedWithoutReason, NotRecordable(state), OutOfReach, LookupError.
    """
    appointment = appointment_of(session, appointment_id, actor=actor, now=now)
    said = whole(reason.strip(), most=LONGEST_REASON)
    if not said:
        raise UnservedWithoutReason
    if appointment.state not in LIVE or appointment.day >= appointment.today:
        raise NotRecordable(appointment_id=appointment.id, state=appointment.state)
    return give_instead(session, appointment, reason=said, notice=AbsenceNotice.UNSERVED, actor=actor, now=now)


def given_key(appointment_id: int) -> str:
    """The `idem_key` of the appointment that is booked in the place of this one."""
    return f"instead:{appointment_id}"


def give_instead(
    session: WriteSession,
    appointment: AppointmentToRecord,
    *,
    reason: str,
    notice: AbsenceNotice,
    actor: Actor,
    now: datetime,
) -> Booked | None:
    """End it as cancelled by the office, tell the person by `notice`, and book the nearest free time for them.

    The caller has asked whether the actor may. Raises NotRecordable(state) where somebody else was faster.
    """
    before = appointment_to_change(session, appointment_id=appointment.id)
    if before is None or appointment.state not in LIVE:
        raise NotRecordable(appointment_id=appointment.id, state=appointment.state)
    set_state(
        session,
        appointment,
        state=AppointmentState.CANCELLED_BY_OFFICE,
        kind=EventKind.CANCELLED,
        actor=actor,
        now=now,
    )
    session.connection().execute(
        update(appointments).where(appointments.c.id == appointment.id).values(office_reason=reason or None)
    )
    give_back(session, place_left(session, before))
    correct_all(session, before, what="over", due_at=now, now=now)
    withdraw(session, appointment_id=appointment.id)
    tell_instead(session, notice=notice, appointment=appointment, now=now)
    return _booked(session, appointment, actor=actor, now=now)


def _booked(session: WriteSession, appointment: AppointmentToRecord, *, actor: Actor, now: datetime) -> Booked | None:
    """The new appointment; None where nothing is free, the person has another one, or nobody is left to book for."""
    if appointment.person_id is None:
        return None
    after = instant_of(local_day_of(now, zone=appointment.zone).plus(DAYS_TO_READ_IT), zone=appointment.zone)
    for _ in range(TRIES):
        slot_id = nearest_free(session, service_id=appointment.service_id, office_id=appointment.office_id, after=after)
        if slot_id is None:
            return None
        try:
            return book(
                session,
                idem_key=given_key(appointment.id),
                actor=actor,
                for_chat=appointment.conversation_id,
                slot_id=slot_id,
                service_id=appointment.service_id,
                person_id=appointment.person_id,
                person_name=appointment.person_name or "",
                document_kind=appointment.document_kind,
                code=TrackingCode.make(CodeKind.APPOINTMENT),
                now=now,
            )
        except (SlotTaken, QuotaUsedUp, SlotPassed):
            continue  # taken at this moment
        except Refusal:
            return None  # they have booked it themselves meanwhile, or it is not booked any more
    return None
