"""Takes what somebody says of a visit: its counts grow, and the question no longer leads to the visit."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from desk.acting import Actor, OutOfReach
from desk.afterwards.asking import questions
from desk.afterwards.models import AfterCounts
from desk.afterwards.refusals import QuestionOver
from desk.afterwards.rules import Answers, RecordedMoney, counted, is_open, month_of
from desk.appointments.booking import appointments
from desk.appointments.rules import AppointmentState
from desk.calendar import local_day_of
from desk.records.models import ServiceRecord
from desk.records.rules import ClosedWith
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_many_if_new, table_of
from desk.values import Money

_counts, _records = table_of(AfterCounts), table_of(ServiceRecord)
_ASKED = select(questions.c.asked_on).where(questions.c.appointment_id == bindparam("appointment"))
_VISIT = (
    select(*appointments.c["office_id", "day", "state", "conversation_id"], questions.c.asked_on)
    .join_from(questions, appointments, appointments.c.id == questions.c.appointment_id)
    .where(questions.c.appointment_id == bindparam("appointment"))
)
_CLOSING = select(*_records.c["closing", "amount_rial", "is_orange"]).where(
    _records.c.appointment_id == bindparam("appointment")
)
_CLOSE = update(questions).where(questions.c.appointment_id == bindparam("appointment")).values(appointment_id=None)
_OF_MONTH = (_counts.c.office_id == bindparam("of_office"), _counts.c.month == bindparam("of_month"))


class _Visit(NamedTuple):
    office_id: int
    day: date
    state: AppointmentState
    conversation_id: int | None
    asked_on: date


def closing_of(session: Session, *, appointment_id: int) -> RecordedMoney | None:
    """What the clerk recorded of the money of a visit; None = there is no record of it."""
    found = session.execute(_CLOSING, {"appointment": appointment_id}).one_or_none()
    if found is None:
        return None
    if found.closing is ClosedWith.RECEIPT:
        return RecordedMoney(Money(found.amount_rial), has_receipt=bool(found.is_orange))
    return RecordedMoney(Money(0) if found.closing is ClosedWith.FREE else None, has_receipt=False)


def asked_on(session: Session, *, appointment_id: int) -> date | None:
    """The day on which the visit was asked about, while that waits for an answer."""
    return session.scalar(_ASKED, {"appointment": appointment_id})


def answer(session: WriteSession, *, appointment_id: int, answers: Answers, actor: Actor, now: datetime) -> None:
    """Count the answers of the person in this chat, and forget which visit they were about.

    Without answers the question is waved away, which leaves the same. Neither is an event: the history of the visit
    would lead to what was said. Raises OutOfReach for another chat, QuestionOver.
    """
    found = session.execute(_VISIT, {"appointment": appointment_id}).one_or_none()
    if found is None:
        raise QuestionOver(appointment_id=appointment_id)
    visit = _Visit._make(found)
    if actor.conversation_id is None or visit.conversation_id != actor.conversation_id:
        raise OutOfReach
    if not is_open(visit.asked_on, today=local_day_of(now).date):
        raise QuestionOver(appointment_id=appointment_id)
    if session.connection().execute(_CLOSE, {"appointment": appointment_id}).rowcount != 1:
        raise QuestionOver(appointment_id=appointment_id)
    grows = counted(answers, recorded=visit.state)
    if grows:
        _count(session, grows, office_id=visit.office_id, month=month_of(visit.day))


def _count(session: WriteSession, grows: dict[str, int], *, office_id: int, month: date) -> None:
    connection = session.connection()
    connection.execute(
        insert_many_if_new(session, AfterCounts, unique=("office_id", "month")),
        {"office_id": office_id, "month": month},
    )
    more = {name: _counts.c[name] + by for name, by in grows.items() if by}
    connection.execute(update(_counts).where(*_OF_MONTH).values(more), {"of_office": office_id, "of_month": month})
