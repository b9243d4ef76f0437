"""How many more appointments a chat may book: conditions of the booking itself, each with the refusal it stands for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ColumnElement, and_, bindparam, case, exists, func, literal_column, not_, select
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.appointments.refusals import OneWithoutPaper, TooManyAppointments, TooManyCancelled
from desk.calendar import local_day_of
from desk.conversations.allowing import most_of, usual
from desk.conversations.limits import MARK, counters
from desk.conversations.models import Conversation
from desk.conversations.rules import ChatLimits, CounterKind, LimitKind
from desk.people.rules import DocumentKind
from desk.storage.upsert import table_of

_own, _chats = table_of(Appointment).alias("own"), table_of(Conversation)
_CHAT = bindparam("conversation_id", type_=_own.c.conversation_id.type)
_NOW = bindparam("now", type_=counters.c.ends_at.type)

# The bare flag, and the day beside it: an appointment of yesterday may not have lapsed yet.
_LIVE_HERE = (
    select(func.count())
    .select_from(_own)
    .where(
        _own.c.conversation_id == _CHAT,
        literal_column("own.is_live"),
        _own.c.day >= bindparam("today", type_=_own.c.day.type),
    )
)
_ITS_MARK = select(MARK).where(_chats.c.id == _CHAT).scalar_subquery()
_MOST_LIVE, _MOST_WITHOUT_PAPER, _MOST_CANCELLED = (
    most_of(kind, mark=_ITS_MARK) for kind in (LimitKind.APPOINTMENTS, LimitKind.WITHOUT_PAPER, LimitKind.CANCELLATIONS)
)
_HAS_ROOM = _LIVE_HERE.scalar_subquery() < _MOST_LIVE
_WITHOUT_PAPER = _LIVE_HERE.where(
    _own.c.document_kind == DocumentKind.NONE, _own.c.service_id == bindparam("service")
).scalar_subquery()
_FEW_WITHOUT_PAPER = not_(and_(bindparam("has_no_paper", type_=Boolean), _WITHOUT_PAPER >= _MOST_WITHOUT_PAPER))
_CANCELLED = and_(
    counters.c.mark == _ITS_MARK,
    counters.c.kind == CounterKind.CANCELLATIONS,
    counters.c.ends_at > _NOW,
    counters.c.count >= _MOST_CANCELLED,
)
_FEW_CANCELLED = not_(exists().where(_CANCELLED))

CLAUSES: tuple[ColumnElement[bool], ...] = (_HAS_ROOM, _FEW_WITHOUT_PAPER, _FEW_CANCELLED)
"""Clauses of a WHERE; their parameters are those of `room` and `conversation_id`, `service`, `now`."""

_STANDING = select(
    case(
        (not_(_HAS_ROOM), "live"), (not_(_FEW_WITHOUT_PAPER), "without_paper"), (not_(_FEW_CANCELLED), "cancelled")
    ).label("why_not"),
    select(counters.c.ends_at).where(_CANCELLED).scalar_subquery().label("until"),
    _MOST_LIVE.label("most_live"),
    _MOST_WITHOUT_PAPER.label("most_without_paper"),
    _MOST_CANCELLED.label("most_cancelled"),
)


def room(limits: ChatLimits, *, document_kind: DocumentKind | None, now: datetime) -> dict[str, Any]:
    """The parameters that the clauses need beside the chat, the service and the time."""
    return {
        "today": local_day_of(now).date,
        "has_no_paper": document_kind is DocumentKind.NONE,
        **usual(limits),
    }


def require_room(
    session: Session,
    *,
    conversation_id: int,
    service_id: int | None = None,
    document_kind: DocumentKind | None = None,
    limits: ChatLimits,
    now: datetime,
) -> None:
    """Check that the chat may book one more appointment, of this service and for a person with this kind of paper.

    Raises TooManyAppointments, OneWithoutPaper or TooManyCancelled.
    """
    asked = {"conversation_id": conversation_id, "service": service_id, "now": now}
    found = session.connection().execute(_STANDING, asked | room(limits, document_kind=document_kind, now=now)).one()
    if found.why_not == "live":
        raise TooManyAppointments(most=found.most_live)
    if found.why_not == "without_paper":
        raise OneWithoutPaper(most=found.most_without_paper)
    if found.why_not == "cancelled":
        raise TooManyCancelled(most=found.most_cancelled, until=found.until)
