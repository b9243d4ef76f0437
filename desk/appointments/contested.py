"""Two appointments of one number: the first chat is told of the other, and a clerk who sees the paper decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    String,
    and_,
    bindparam,
    cast,
    exists,
    literal,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.appointments.notices import NAMED_AGAIN_KEY, messages, tell_named_again
from desk.appointments.rules import AppointmentState
from desk.conversations.models import Conversation
from desk.outbox.rules import Recipient
from desk.people.links import papers_of
from desk.storage.base import WriteSession
from desk.storage.types import UtcDateTime
from desk.storage.upsert import table_of

_appointments, _chats = table_of(Appointment), table_of(Conversation)
_first, _second = _appointments.alias("first"), _appointments.alias("second")


def _is_of_the_same(other: FromClause, one: FromClause) -> ColumnElement[bool]:
    return and_(
        other.c.person_id == one.c.person_id,
        other.c.service_id == one.c.service_id,
        other.c.is_live,
        other.c.id != one.c.id,
    )


def named_twice(one: FromClause) -> ColumnElement[bool]:
    """Whether this live appointment has another of the same number and service beside it, as a column.

    So it is where another chat or a desk has one on a linked paper; of two in one chat the person is asked which stays.
    """
    other, linked = _appointments.alias("other"), _appointments.alias("linked")
    on_a_linked_paper = and_(
        linked.c.person_id.in_(papers_of(one.c.person_id)),
        linked.c.service_id == one.c.service_id,
        linked.c.is_live,
        linked.c.id != one.c.id,
        or_(linked.c.conversation_id.is_(None), linked.c.conversation_id.is_distinct_from(one.c.conversation_id)),
    )
    return and_(one.c.is_live, or_(exists().where(_is_of_the_same(other, one)), exists().where(on_a_linked_paper)))


_UNTOLD = (
    select(_first.c.id, *_chats.c["channel", "bot"], _chats.c.id.label("chat"))
    .select_from(_second)
    .join(_first, _is_of_the_same(_first, _second))
    .join(_chats, _chats.c.id == _first.c.conversation_id)
    .where(
        literal_column("second.is_live"),  # as the partial index has it
        literal_column("second.is_contested"),
        ~_first.c.is_contested,
        _first.c.state == AppointmentState.BOOKED,
        _first.c.starts_at > bindparam("now", type_=UtcDateTime()),
        ~exists().where(messages.c.idem_key == literal(NAMED_AGAIN_KEY, String) + cast(_first.c.id, String)),
    )
    .order_by(_first.c.id)
    .limit(bindparam("most"))
)
_IS_NAMED_TWICE = select(named_twice(_appointments)).where(_appointments.c.id == bindparam("appointment"))


def tell_first_chats(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Tell each chat whose number another named since; returns their number.

    A job does it, so that the exchange of the other chat takes no longer than anybody's.
    """
    untold = session.execute(_UNTOLD, {"now": now, "most": limit}).all()
    for first in untold:
        to = Recipient(first.channel, first.bot, first.chat)
        tell_named_again(session, appointment_id=first.id, to=to, now=now)
    return len(untold)


def is_named_twice(session: Session, *, appointment_id: int) -> bool:
    """Whether another chat has a live appointment of the same number, or of a linked paper, and service."""
    return bool(session.scalar(_IS_NAMED_TWICE, {"appointment": appointment_id}))


class LiveOfNumber(NamedTuple):
    """A live appointment of a number, or of another paper that staff linked with it, and a service."""

    id: int
    day: date
    is_contested: bool
    person_id: int
    conversation_id: int | None


_PERSON = bindparam("person", type_=_appointments.c.person_id.type)
_OF_NUMBER = (
    select(*_appointments.c["id", "day", "is_contested", "person_id", "conversation_id"])
    .where(
        or_(_appointments.c.person_id == _PERSON, _appointments.c.person_id.in_(papers_of(_PERSON))),
        _appointments.c.service_id == bindparam("service"),
        literal_column("appointments.is_live"),
    )
    .order_by(_appointments.c.id)
    .with_for_update()
)
_STANDS = update(_appointments).where(_appointments.c.id == bindparam("appointment")).values(is_contested=False)


def lock_live_of_number(session: WriteSession, *, person_id: int, service_id: int) -> Sequence[LiveOfNumber]:
    """The live appointments of a person and service, locked in the order of their ids: of two clerks who prove both at
    once the second finds one.
    """
    found = session.connection().execute(_OF_NUMBER, {"person": person_id, "service": service_id})
    return [LiveOfNumber(*row) for row in found]


def stand_alone(session: WriteSession, *, appointment_id: int) -> None:
    """The appointment is contested no more: the other one fell."""
    session.connection().execute(_STANDS, {"appointment": appointment_id})
