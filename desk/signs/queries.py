"""Reads the chats with signs that lie within a scope: those with an appointment at one of its offices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, func, literal, or_, select
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.catalogue.models import Service
from desk.conversations.limits import MARK
from desk.conversations.models import ChatAllowance, Conversation
from desk.conversations.rules import LimitKind
from desk.offices.models import Office
from desk.offices.reach import offices_within
from desk.organisation import Scope
from desk.signs.models import ChatWithSigns, Sign
from desk.signs.rows import AppointmentOfChat, FoundChats, SignRow, SignsOfChat
from desk.signs.rules import ALONE, LISTED, Strength
from desk.staff.models import StaffMember
from desk.storage.rows import columns_for
from desk.storage.upsert import table_of

_chats, _signs, _staff = table_of(ChatWithSigns), table_of(Sign), table_of(StaffMember)
_appointments, _offices, _services = table_of(Appointment), table_of(Office), table_of(Service)

_TOTAL = func.sum(_signs.c.strength)
_IS_ALONE = and_(_signs.c.kind == ALONE, _signs.c.strength == Strength.STRONG)
_STANDS_OUT = or_(func.count(_signs.c.kind) >= LISTED, func.max(case((_IS_ALONE, 1), else_=0)) == 1)
_IS_NEW = func.max(case((_signs.c.strength > _signs.c.judged, 1), else_=0))
_COLUMNS = (_chats.c.id, _chats.c.looked_at, _staff.c.name, _chats.c.judgement)
_SIGNS_OF = (
    select(
        _signs.c.chat_id,
        *_signs.c["kind", "times", "strength", "since"],
        (_signs.c.strength > _signs.c.judged).label("is_new"),
    )
    .where(_signs.c.chat_id.in_(bindparam("chats", expanding=True)))
    .order_by(_signs.c.strength.desc(), _signs.c.kind)
)
_CONVERSATION_OF = select(_chats.c.conversation_id).where(_chats.c.id == bindparam("chat"))
_allowed, _conversations = table_of(ChatAllowance), table_of(Conversation)
_LIMITS = (
    select(*_allowed.c["kind", "most", "ends_at"])
    .join_from(_chats, _conversations, _conversations.c.id == _chats.c.conversation_id)
    .join(_allowed, _allowed.c.mark == MARK)
    .where(_chats.c.id == bindparam("chat"), _allowed.c.ends_at > bindparam("now", type_=_allowed.c.ends_at.type))
    .order_by(_allowed.c.kind)
)
_APPOINTMENTS = (
    select(
        *columns_for(
            AppointmentOfChat,
            *_appointments.c["starts_at", "state"],
            zone=_offices.c.zone,
            office=_offices.c.name,
            office_code=_offices.c.code,
            service=_services.c.short_title,
            taken_at=_appointments.c.created_at,
        )
    )
    .join_from(_appointments, _offices, _offices.c.id == _appointments.c.office_id)
    .join(_services, _services.c.id == _appointments.c.service_id)
    .where(_appointments.c.conversation_id == _CONVERSATION_OF.scalar_subquery())
    .order_by(_appointments.c.created_at.desc(), _appointments.c.id.desc())
    .limit(bindparam("most"))
)


@lru_cache(maxsize=64)
def _appointments_within(scope: Scope) -> Select[Any]:
    return _APPOINTMENTS.where(offices_within(scope))


@lru_cache(maxsize=64)
def _within(scope: Scope) -> Select[Any]:
    """The chats within `scope`, with how much there is to say of each."""
    found = (
        select(*_COLUMNS, func.count().over().label("total"))
        .join_from(_chats, _signs, _signs.c.chat_id == _chats.c.id)
        .outerjoin(_staff, _staff.c.id == _chats.c.looked_by)
        .group_by(*_COLUMNS)
    )
    if scope.is_national:
        return found
    here = (
        select(literal(1))
        .join_from(_appointments, _offices, _offices.c.id == _appointments.c.office_id)
        .where(_appointments.c.conversation_id == _chats.c.conversation_id, offices_within(scope))
    )
    return found.where(here.exists())


@lru_cache(maxsize=64)
def _listed(scope: Scope, *, are_new: bool) -> Select[Any]:
    return (
        _within(scope)
        .having(_STANDS_OUT, (_IS_NEW == 1) if are_new else (_IS_NEW == 0))
        .order_by(_TOTAL.desc(), func.min(_signs.c.since), _chats.c.id)
        .limit(bindparam("most"))
        .offset(bindparam("skip"))
    )


@lru_cache(maxsize=64)
def _one(scope: Scope) -> Select[Any]:
    return _within(scope).where(_chats.c.id == bindparam("chat"))


def listed(session: Session, *, scope: Scope, are_new: bool, limit: int, skip: int = 0) -> FoundChats:
    """Chats with two or more signs or a strong one of `ALONE`, the strongest first: those at which nobody has looked
    since, or the others."""
    found = session.execute(_listed(scope, are_new=are_new), {"most": limit, "skip": skip}).all()
    return FoundChats(_rows(session, found), found[0].total if found else 0)


def signs_of_chat(session: Session, *, chat_id: int, scope: Scope) -> SignsOfChat | None:
    """One chat with its signs; None = there is none within `scope`."""
    rows = _rows(session, session.execute(_one(scope), {"chat": chat_id}).all())
    return rows[0] if rows else None


def appointments_of_chat(session: Session, *, chat_id: int, scope: Scope, limit: int) -> list[AppointmentOfChat]:
    """The appointments of the chat at offices within `scope`, those booked last first."""
    found = session.execute(_appointments_within(scope), {"chat": chat_id, "most": limit})
    return [AppointmentOfChat(*row) for row in found]


def limits_set(session: Session, *, chat_id: int, now: datetime) -> dict[LimitKind, tuple[int, datetime]]:
    """The limits that staff set for the chat, each with the moment at which the usual one holds again."""
    found = session.execute(_LIMITS, {"chat": chat_id, "now": now})
    return {kind: (most, ends_at) for kind, most, ends_at in found}


def _rows(session: Session, found: Sequence[Any]) -> list[SignsOfChat]:
    if not found:
        return []
    signs: dict[int, list[SignRow]] = {row.id: [] for row in found}
    for each in session.execute(_SIGNS_OF, {"chats": list(signs)}):
        sign = SignRow(each.kind, each.times, Strength(each.strength), each.since, bool(each.is_new))
        signs[each.chat_id].append(sign)
    return [
        SignsOfChat(
            id=row.id,
            signs=tuple(signs[row.id]),
            looked_at=row.looked_at,
            looked_by=row.name,
            judgement=row.judgement,
        )
        for row in found
    ]
