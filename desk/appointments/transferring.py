"""Appointments go over to another chat of the same person, with their messages; the places they take do not change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, exists, func, literal_column, or_, select, update
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.appointments.notices import about, ticket_once_more, withdraw
from desk.appointments.rules import AppointmentNotice, AppointmentState, is_ahead
from desk.appointments.tickets import correct_left
from desk.calendar import local_day_of
from desk.conversations.allowing import allowed
from desk.conversations.rules import ChatLimits, LimitKind
from desk.outbox import transferring as messages
from desk.outbox.actions import drop
from desk.outbox.rules import Recipient
from desk.people.rules import DocumentKind
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_appointments = table_of(Appointment)
_c = _appointments.c
_there = _appointments.alias("there")
# The target has booked again with the same number, or on a linked paper; a chat never has two of one person.
_IS_A_SECOND_THERE = and_(
    literal_column("appointments.is_live"),  # as the partial index has it
    exists().where(
        _there.c.conversation_id == bindparam("target"),
        or_(_there.c.person_id == _c.person_id, _there.c.link_id == _c.link_id),
        _there.c.service_id == _c.service_id,
        literal_column("there.is_live"),
    ),
)
_CHANGE = (
    update(_appointments)
    .where(_c.conversation_id == bindparam("source"), ~_IS_A_SECOND_THERE)
    .values(conversation_id=bindparam("target"))
    .returning(*_c["id", "office_id", "state", "is_live", "starts_at", "moves"])
)
_CHANGE_OF_PERSON = _CHANGE.where(_c.person_id == bindparam("person"))
_CHANGE_THESE = _CHANGE.where(_c.id.in_(bindparam("ids", expanding=True)))
_LIVE_HERE = (
    select(_c.service_id, _c.document_kind, func.count().label("times"))
    .where(
        _c.conversation_id == bindparam("chat"), literal_column("appointments.is_live"), _c.day >= bindparam("today")
    )
    .group_by(_c.service_id, _c.document_kind)
)
_LAPSE = (
    update(_appointments)
    .where(
        _c.conversation_id.in_(bindparam("chats", expanding=True)),
        literal_column("appointments.is_live"),
        _c.day < bindparam("today"),
    )
    .values(is_live=False)
    .returning(_c.id)
)
_SAME = select(_c.id).where(_c.conversation_id == bindparam("source"), _IS_A_SECOND_THERE).limit(1)
_SAME_OF_PERSON = _SAME.where(_c.person_id == bindparam("person"))


class MovedAppointment(NamedTuple):
    """An appointment that went over."""

    id: int
    office_id: int
    state: AppointmentState
    is_live: bool
    starts_at: datetime
    moves: int


def lapse_over(session: WriteSession, *, chats: Sequence[int], now: datetime) -> None:
    """Let those of these chats whose day is over lapse, as the job does soon: they stand in the way of nothing."""
    asked = {"chats": list(chats), "today": local_day_of(now).date}
    for over in session.connection().execute(_LAPSE, asked).scalars().all():
        withdraw(session, appointment_id=over)


def has_the_same(session: Session, *, source: int, target: int, person_id: int | None = None) -> bool:
    """Whether both chats have a live appointment for one person and service: one chat never has two of them."""
    asked = {"source": source, "target": target}
    statement = _SAME if person_id is None else _SAME_OF_PERSON
    given = asked if person_id is None else asked | {"person": person_id}
    return session.connection().execute(statement, given).first() is not None


def change_chat(
    session: WriteSession, *, source: Recipient, to: Recipient, person_id: int | None = None, now: datetime
) -> list[MovedAppointment]:
    """Give all appointments of the chat `source`, or those of one person, to another chat, with their messages.

    One stays where the other chat has a live one of the same number for the same service: callers ask `has_the_same`
    before, and this holds where it was booked since.
    Of two that want the same at once the second finds none.
    """
    asked = {"source": source.conversation_id, "target": to.conversation_id}
    statement = _CHANGE if person_id is None else _CHANGE_OF_PERSON
    rows = session.connection().execute(statement, asked if person_id is None else asked | {"person": person_id})
    return _with_messages(session, [MovedAppointment._make(row) for row in rows], source=source, to=to, now=now)


def change_chat_of(
    session: WriteSession, *, ids: Sequence[int], source: Recipient, to: Recipient, now: datetime
) -> list[MovedAppointment]:
    """The same with those of these appointments that the chat `source` still has."""
    asked = {"source": source.conversation_id, "target": to.conversation_id, "ids": list(ids)}
    rows = session.connection().execute(_CHANGE_THESE, asked)
    return _with_messages(session, [MovedAppointment._make(row) for row in rows], source=source, to=to, now=now)


def _with_messages(
    session: WriteSession, moved: list[MovedAppointment], *, source: Recipient, to: Recipient, now: datetime
) -> list[MovedAppointment]:
    ahead = [each.id for each in moved if is_ahead(each.state, each.starts_at, now=now)]
    correct_left(session, appointment_ids=ahead, to=source, now=now)
    messages.change_chat(session, source=source.conversation_id, to=to, abouts=[about(each.id) for each in moved])
    return moved


def send_tickets(
    session: WriteSession, moved: Sequence[MovedAppointment], *, to: Recipient, nth: str, now: datetime
) -> None:
    """Send the tickets of those that are still to come once more; `nth` tells this time from others."""
    for each in moved:
        if each.is_live and each.state is AppointmentState.BOOKED and each.starts_at > now:
            drop(session, about=about(each.id), notices=[AppointmentNotice.TICKET])  # one that did not arrive there
            ticket_once_more(session, appointment_id=each.id, moves=each.moves, which=nth, to=to, due_at=now, now=now)


def too_many(session: Session, *, conversation_id: int, limits: ChatLimits, now: datetime) -> int | None:
    """The limit that the live appointments of this chat go beyond; None = they do not."""
    asked = {"chat": conversation_id, "today": local_day_of(now).date}
    rows = session.connection().execute(_LIVE_HERE, asked).all()
    without_paper = [row.times for row in rows if row.document_kind is DocumentKind.NONE]
    for kind, times in (
        (LimitKind.APPOINTMENTS, sum(row.times for row in rows)),
        (LimitKind.WITHOUT_PAPER, max(without_paper, default=0)),
    ):
        if times > limits.usual(kind):
            most = allowed(session, conversation_id=conversation_id, kind=kind, limits=limits, now=now)
            if times > most:
                return most
    return None
