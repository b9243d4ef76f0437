"""The person gives back, in one step, the appointments of all who come together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.appointments.booking import appointments
from desk.appointments.ending import cancel, give_up
from desk.appointments.models import Household
from desk.appointments.proposing import is_proposed
from desk.appointments.queries import appointment_by_id, coming_together
from desk.appointments.refusals import NotCancellable, NotYours
from desk.appointments.rows import AppointmentRow
from desk.appointments.rules import HOLDS_A_PLACE
from desk.conversations.actions import lock_chat, require_chat
from desk.conversations.limits import note
from desk.conversations.rules import CounterKind
from desk.periods import USUAL_REST, Rest
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_households = table_of(Household)
_SHARING = (
    select(*appointments.c["id", "slot_id"])
    .join_from(appointments, _households, _households.c.id == appointments.c.household_id)
    .where(
        _households.c.id == bindparam("household"),
        _households.c.shares_place,
        appointments.c.state.in_(HOLDS_A_PLACE),
    )
)


def given_back_with(session: Session, appointment: AppointmentRow, *, now: datetime) -> list[AppointmentRow]:
    """The appointment and those that come together with it, as far as they are still to come.

    One whose time the office proposed is given back alone: that counts for nothing, and the others were accepted.
    """
    if appointment.answer_until is not None:
        return [appointment]
    return [each for each in coming_together(session, appointment) if each.is_ahead(now=now)]


def places_of(session: Session, group: Sequence[AppointmentRow]) -> int:
    """How many places go to others once these, of one household, are given back: none that is still used."""
    household_id = group[0].household_id
    sharing = session.execute(_SHARING, {"household": household_id}).all() if household_id is not None else []
    if not sharing:
        return len(group)
    given_back = {each.id for each in group}
    used = {row.slot_id for row in sharing if row.id not in given_back}
    return len({each.slot_id for each in group} - used)


def counts(session: Session, group: Sequence[AppointmentRow]) -> bool:
    """Whether giving these back counts as a cancellation: not where the office took away the time of each."""
    return not all(is_proposed(session, appointment_id=each.id) for each in group)


def cancel_together(
    session: WriteSession, *, appointment_id: int, actor: Actor, rest: Rest = USUAL_REST, now: datetime
) -> list[AppointmentRow]:
    """Cancel the appointment and all that come together with it and are still ahead; returns them as they were.

    All or none. Each place goes the way of one that is given back alone, and all count as one cancellation. Where
    nobody comes together with it, it is an ordinary cancellation.

    Raises NotYours where the appointment is not this chat's, NotCancellable(state) where it is not ahead.
    """
    chat = require_chat(actor)
    lock_chat(session, conversation_id=chat)
    session.flush()
    appointment = appointment_by_id(session, appointment_id=appointment_id)
    if appointment is None or appointment.conversation_id != chat:
        raise NotYours(appointment_id=appointment_id)
    if not appointment.is_ahead(now=now):
        raise NotCancellable(appointment_id=appointment_id, state=appointment.state)
    group = given_back_with(session, appointment, now=now)
    if len(group) < 2:
        cancel(session, appointment_id=appointment_id, actor=actor, rest=rest, now=now)
        return group
    ids, is_counted = [each.id for each in group], counts(session, group)
    with session.begin_nested():
        for each in ids:
            give_up(session, appointment_id=each, actor=actor, with_all=ids, rest=rest, now=now)
        if is_counted:
            note(session, conversation_id=chat, kind=CounterKind.CANCELLATIONS, now=now)
    return group
