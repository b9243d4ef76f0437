"""What a chat may read of its absences and say to them."""

from __future__ import annotations

from datetime import datetime

from desk.absences import objecting, queries
from desk.absences.refusals import NoAbsence
from desk.absences.rows import LastAbsence
from desk.absences.rules import may_object
from desk.appointments import chat as appointments
from desk.appointments.rows import AppointmentRow
from desk.conversations.chat import Chat


def last(chat: Chat, appointment: AppointmentRow) -> LastAbsence | None:
    """The absence that was recorded last of an appointment of this chat."""
    return queries.last_of(chat.session, appointment_id=appointment.id)


def can_object(chat: Chat, appointment: AppointmentRow) -> bool:
    """Whether the person may say now that they were there."""
    found = last(chat, appointment)
    return found is not None and may_object(found.state, found.recorded_at, now=chat.now)


def say_there(chat: Chat, appointment_id: int) -> datetime:
    """They were there; returns until when it is decided. Raises NoAbsence, AbsenceSettled."""
    _require_own(chat, appointment_id)
    return objecting.say_there(chat.writing, appointment_id=appointment_id, actor=chat.actor, now=chat.now)


def say_away(chat: Chat, appointment_id: int) -> None:
    """They could not come. Raises NoAbsence, AbsenceSettled."""
    _require_own(chat, appointment_id)
    objecting.say_away(chat.writing, appointment_id=appointment_id, actor=chat.actor, now=chat.now)


def given_instead(chat: Chat, appointment: AppointmentRow) -> AppointmentRow | None:
    """The one that the office booked in the place of this one, if it still is to come."""
    given = queries.given_instead(chat.session, appointment_id=appointment.id)
    found = appointments.own(chat, given) if given is not None else None
    return found if found is not None and found.is_ahead(now=chat.now) else None


def _require_own(chat: Chat, appointment_id: int) -> None:
    if appointments.own(chat, appointment_id) is None:
        raise NoAbsence(appointment_id)
