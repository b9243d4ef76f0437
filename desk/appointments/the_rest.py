"""What is told when one of a household gives back or moves: those who still come together get a ticket without them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, exists, literal_column, select

from desk.appointments.booking import appointments
from desk.appointments.changing import AppointmentToChange
from desk.appointments.notices import ticket_once_more
from desk.appointments.proposals import OF_ITS_TIME, proposals
from desk.appointments.rows import StandingMessage
from desk.appointments.rules import AppointmentState, ProposalState
from desk.appointments.tickets import correct, standing_of
from desk.outbox.rules import Recipient
from desk.storage.base import WriteSession

_REST = (
    select(*appointments.c["id", "moves"])
    .where(
        appointments.c.household_id == bindparam("household"),
        appointments.c.conversation_id == bindparam("chat"),
        appointments.c.office_id == bindparam("office"),
        appointments.c.day == bindparam("its_day", type_=appointments.c.day.type),
        appointments.c.state == AppointmentState.BOOKED,
        literal_column("appointments.is_live"),
        # Of an open proposal the ticket comes with the answer.
        ~exists().where(OF_ITS_TIME, proposals.c.state == ProposalState.OPEN),
    )
    .order_by(appointments.c.id)
)


class _Still(NamedTuple):
    """One of those who still come together at the time that another one left."""

    id: int
    moves: int


def correct_all(
    session: WriteSession,
    appointment: AppointmentToChange,
    *,
    what: str,
    with_all: Sequence[int] = (),
    due_at: datetime,
    now: datetime,
) -> None:
    """Have edited what stands in the chat of the appointment, which was changed; `what` as in `tickets.correct`.

    Those of its household who still come at its time of before get a new ticket, and what names the appointment in
    theirs is edited; nobody does where `with_all` names the appointments that are all given back now. To be called
    before `notices.withdraw`.
    """
    to = appointment.address
    if to is None:
        return
    rest = [] if with_all else _rest(session, appointment, to=to)
    stood = standing_of(session, appointment_ids=[each.id for each in rest], conversation_id=to.conversation_id)
    beside: list[StandingMessage] = [
        message
        for each in rest
        for message in stood[each.id]
        if each.id != appointment.id and message.moves == each.moves
    ]
    correct(
        session,
        appointment_id=appointment.id,
        what=what,
        to=to,
        beside=beside,
        with_all=with_all,
        due_at=due_at,
        now=now,
    )
    if rest and rest[0].id != appointment.id:  # else its own new ticket is the one of all
        first = rest[0]
        ticket_once_more(
            session,
            appointment_id=first.id,
            moves=first.moves,
            which=f"without:{appointment.id}:{what}",
            to=to,
            due_at=due_at,
            now=now,
        )


def _rest(session: WriteSession, appointment: AppointmentToChange, *, to: Recipient) -> list[_Still]:
    """Those of its household who come to its office on its day of before; the appointment too, if it still does."""
    if appointment.household_id is None:
        return []
    asked = {
        "household": appointment.household_id,
        "chat": to.conversation_id,
        "office": appointment.office_id,
        "its_day": appointment.day,
    }
    return [_Still._make(row) for row in session.execute(_REST, asked)]
