"""Correcting the name at the counter, by a clerk who has the original paper in hand, on the day of the appointment."""

from __future__ import annotations

from datetime import datetime

from desk.acting import Actor
from desk.appointments.history import EventKind, times
from desk.appointments.naming import correct_name_on_its_day
from desk.appointments.rules import LIVE
from desk.conversations.actions import lock_chat
from desk.people.rules import IdentityDigest, has_number
from desk.storage.base import WriteSession
from desk.visits.notices import tell_name
from desk.visits.proving import ComparedPaper, prove
from desk.visits.recording import appointment_of
from desk.visits.refusals import NotRecordable


def correct_from_paper(
    session: WriteSession,
    *,
    appointment_id: int,
    identity: IdentityDigest | None,
    name: str,
    actor: Actor,
    now: datetime,
) -> ComparedPaper:
    """Put the name of the original paper on a live appointment of today, after its number was compared (`prove`).

    Where the number does not fit, nothing is changed. `identity` is None for somebody without a paper: then one slip is
    mended, as in the chat (`desk.appointments.naming`). The chat is told, its tickets are edited, and the history says
    that this clerk corrected a name, not from what to what.

    Raises NotRecordable(state), NotASlip, SlipMended, and whatever `prove` raises.
    """
    appointment = appointment_of(session, appointment_id, actor=actor, now=now)
    is_open = appointment.state in LIVE and appointment.day == appointment.today
    if (
        not is_open
        or appointment.person_name is None
        or has_number(appointment.document_kind) != (identity is not None)
    ):
        raise NotRecordable(appointment_id=appointment.id, state=appointment.state)
    if appointment.conversation_id is not None:
        lock_chat(session, conversation_id=appointment.conversation_id)  # before the rows, as bookings of the chat do
    compared = ComparedPaper(fits=True)
    if identity is not None:
        compared = prove(session, appointment_id=appointment.id, identity=identity, actor=actor, now=now)
    if not compared.fits:
        return compared
    correct_name_on_its_day(session, appointment_id=appointment.id, actor=actor, name=name, now=now)
    if appointment.person_name != name:  # else only others of the person had another one, and their tickets say so
        nth = times(session, appointment_id=appointment.id, kind=EventKind.NAME_CORRECTED)
        tell_name(session, appointment_id=appointment.id, nth=nth, to=appointment.address, now=now)
    return compared
