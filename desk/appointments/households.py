"""Booking a household: each of its people by the one booking action, all in one savepoint, and their rows tied.

Where the minutes of the service count per household, those who come at one slot take one place of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Boolean, bindparam, insert, or_, select

from desk.acting import Actor
from desk.appointments.booking import Booked, WithHousehold, appointments, book
from desk.appointments.models import Household
from desk.appointments.refusals import (
    AlreadyHasAppointment,
    MemberRefused,
    NotInThisChat,
    OneWithoutPaper,
)
from desk.catalogue.models import Service
from desk.codes import CodeKind, TrackingCode
from desk.conversations.actions import lock_chat
from desk.conversations.rules import USUAL, ChatLimits
from desk.people.rules import DocumentKind
from desk.places.holds import release
from desk.places.rules import MOST_TOGETHER
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_households, _services = table_of(Household), table_of(Service)
_IS_PER_HOUSEHOLD = (
    select(_services.c.is_per_household).where(_services.c.id == bindparam("of_service")).scalar_subquery()
)
_NEW = (
    insert(_households)
    .values(shares_place=or_(bindparam("as_one", type_=Boolean), _IS_PER_HOUSEHOLD))
    .returning(*_households.c["id", "shares_place"])
)


class Member(NamedTuple):
    """One of the people of a household, and the slot of which they take a place."""

    slot_id: int
    person_id: int
    person_name: str
    document_kind: DocumentKind


def book_together(
    session: WriteSession,
    *,
    idem_key: str,
    actor: Actor,
    for_chat: int | None = None,
    service_id: int,
    members: Sequence[Member],
    limits: ChatLimits = USUAL,
    by_draw: bool = False,
    by_offer: bool = False,
    as_one: bool = False,
    now: datetime,
) -> list[Booked]:
    """Book for each member, all or none, and tie what was booked; for one member it is an ordinary booking.

    The same `idem_key` books once. A chat's holds are used, and those that nobody needs are released. Somebody without
    a paper is not counted as one where another member has a paper, since they come with that one. `by_draw` = they won
    the places, `by_offer` = they were offered them. `as_one` = they were offered one place for all, also where each of
    them would take one by now.

    Raises MemberRefused where the reason is one of the people, and else what `book` raises; then nobody is booked.
    """
    if len(members) > MOST_TOGETHER or len({each.person_id for each in members}) != len(members):
        raise ValueError(f"a household of {len(members)} people, or with somebody twice")
    if not members:
        return []
    if actor.conversation_id is not None:
        lock_chat(session, conversation_id=actor.conversation_id)
    repeat = _by_key(session, idem_key, members=len(members))
    if repeat:
        return repeat
    with session.begin_nested():
        household, shares_place = _tied(session, members, service_id=service_id, as_one=as_one, now=now)
        have_place = set[int]()
        done = []
        for nth, each in enumerate(members, start=1):
            joins = shares_place and each.slot_id in have_place
            have_place.add(each.slot_id)
            done.append(
                _book(
                    session,
                    each,
                    idem_key=f"{idem_key}:{nth}",
                    actor=actor,
                    for_chat=for_chat,
                    service_id=service_id,
                    household=household and household._replace(has_place_there=joins),
                    limits=limits,
                    by_draw=by_draw,
                    by_offer=by_offer,
                    now=now,
                )
            )
        if actor.conversation_id is not None:
            release(session, actor=actor)
    return done


def _tied(
    session: WriteSession, members: Sequence[Member], *, service_id: int, as_one: bool, now: datetime
) -> tuple[WithHousehold | None, bool]:
    """The row of a household, None for somebody alone, and whether its people share a place of a slot."""
    if len(members) < 2:
        return None, False
    given = {"people": len(members), "made_at": now, "of_service": service_id, "as_one": as_one}
    made = session.connection().execute(_NEW, given).one()
    has_paper = any(each.document_kind is not DocumentKind.NONE for each in members)
    return WithHousehold(made.id, has_paper), made.shares_place


def _book(
    session: WriteSession,
    member: Member,
    *,
    idem_key: str,
    actor: Actor,
    for_chat: int | None,
    service_id: int,
    household: WithHousehold | None,
    limits: ChatLimits,
    by_draw: bool,
    by_offer: bool,
    now: datetime,
) -> Booked:
    try:
        return book(
            session,
            idem_key=idem_key,
            actor=actor,
            for_chat=for_chat,
            slot_id=member.slot_id,
            service_id=service_id,
            person_id=member.person_id,
            person_name=member.person_name,
            document_kind=member.document_kind,
            code=TrackingCode.make(CodeKind.APPOINTMENT),
            household=household,
            limits=limits,
            by_draw=by_draw,
            by_offer=by_offer,
            now=now,
        )
    except (AlreadyHasAppointment, NotInThisChat, OneWithoutPaper) as refusal:
        if household is None:
            raise
        raise MemberRefused(person_id=member.person_id, why=refusal) from refusal


def _by_key(session: WriteSession, idem_key: str, *, members: int) -> list[Booked]:
    """What an earlier message with this key booked; empty = nothing."""
    keys = [f"{idem_key}:{nth}" for nth in range(1, members + 1)]
    rows = session.execute(
        select(appointments.c.id, appointments.c.code)
        .where(appointments.c.idem_key.in_(keys))
        .order_by(appointments.c.id)
    )
    return [Booked(appointment_id=row.id, code=TrackingCode(row.code), is_repeat=True) for row in rows]
