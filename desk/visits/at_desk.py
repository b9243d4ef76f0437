"""Appointments of people who stand at the desk without a phone: a clerk takes, moves and gives them back.

They belong to no chat. A clerk books one person at a time with the original in hand, and not more than a few an hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from desk.acting import Actor, ActorKind, OutOfReach, Permission
from desk.appointments.booking import Booked, appointments, book
from desk.appointments.ending import give_up
from desk.appointments.history import subject_of
from desk.appointments.moving import move_by_office
from desk.appointments.proposing import accept
from desk.appointments.refusals import SlotTaken
from desk.capacity.bookable import queues, require_bookable, slots
from desk.codes import CodeKind, TrackingCode
from desk.events import actions as events
from desk.events.models import Event
from desk.offices.models import Office
from desk.offices.reach import node_of, offices_within
from desk.organisation import Scope
from desk.people.actions import move_to_present_key, person_of
from desk.people.links import is_of_person
from desk.people.rules import DocumentKind, IdentityDigest, has_number
from desk.staff import number_search
from desk.staff.models import StaffMember
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.visits.refusals import OfAChat, TooManyAtDesk

AT_DESK = "appointment.at_desk"
"""The event that a clerk booked for somebody at the desk."""
MOST_AN_HOUR = 12
"""Appointments that one account books at the desk within an hour: with a paper in hand each takes some minutes."""
HOUR = timedelta(hours=1)

_event, _members, _offices = (table_of(model) for model in (Event, StaffMember, Office))
_LOCK = select(_members.c.id).where(_members.c.id == bindparam("member")).with_for_update()
_RECENT = select(func.count(), func.min(_event.c.at)).where(
    _event.c.at > bindparam("since", type_=_event.c.at.type),
    _event.c.kind.in_(bindparam("kinds", expanding=True)),
    _event.c.actor_id == bindparam("member"),
)
_OFFICE_OF = (
    select(queues.c.office_id).join(slots, slots.c.queue_id == queues.c.id).where(slots.c.id == bindparam("slot"))
)
_ONE = select(*appointments.c["id", "office_id", "service_id", "conversation_id", "document_kind", "person_id"]).where(
    appointments.c.id == bindparam("appointment")
)


def book_at_desk(
    session: WriteSession,
    *,
    idem_key: str,
    office_id: int,
    slot_id: int,
    service_id: int,
    name: str,
    document_kind: DocumentKind,
    identity: IdentityDigest,
    beside: bool = False,
    actor: Actor,
    now: datetime,
) -> Booked:
    """Book for the person whose original the clerk holds, by the same days and places as applicants.

    Where the number has a live appointment for the service already it is refused, unless the person says that it is
    not theirs: then this one is booked `beside` it, contested, and the original decides on its day.
    Raises OutOfReach, TooManyAtDesk, TooManyNumbers, and what `book` and `require_bookable` raise.
    """
    actor.require(Permission.APPOINTMENTS_BOOK, at=node_of(session, office_id))
    if not is_of_office(session, slot_id=slot_id, office_id=office_id):
        raise SlotTaken(slot_id=slot_id)
    if actor.staff_id is not None:
        _require_few(session, actor=actor, now=now)
        number_search.require_tries_left(session, actor=actor, now=now)
    booked = book_here(
        session,
        idem_key=idem_key,
        slot_id=slot_id,
        service_id=service_id,
        name=name,
        document_kind=document_kind,
        identity=identity,
        beside=beside,
        actor=actor,
        now=now,
    )
    if not booked.is_repeat:
        subject = subject_of(booked.appointment_id)
        events.note(session, kind=AT_DESK, subject=subject, actor=actor, office_id=office_id, is_told=False, now=now)
    return booked


def book_here(
    session: WriteSession,
    *,
    idem_key: str,
    slot_id: int,
    service_id: int,
    name: str,
    document_kind: DocumentKind,
    identity: IdentityDigest,
    beside: bool,
    walk_in: int | None = None,
    actor: Actor,
    now: datetime,
) -> Booked:
    """Book for somebody who stands there, for no chat; the caller has asked who may, how often, and at which office.

    `walk_in` as in `book`; without it a place of the desk is used first. Raises what `book` and `require_bookable`
    raise.
    """
    require_bookable(session, slot_id=slot_id, service_id=service_id, now=now)
    move_to_present_key(session, identity=identity)
    return book(
        session,
        idem_key=idem_key,
        actor=actor,
        slot_id=slot_id,
        service_id=service_id,
        person_id=person_of(session, identity=identity, now=now),
        person_name=name,
        document_kind=document_kind,
        code=TrackingCode.make(CodeKind.APPOINTMENT),
        beside=beside,
        at_desk=walk_in is None,
        walk_in=walk_in,
        now=now,
    )


def is_of_office(session: Session, *, slot_id: int, office_id: int) -> bool:
    """Whether the slot is one of a queue of this office."""
    return session.scalar(_OFFICE_OF, {"slot": slot_id}) == office_id


def move_at_desk(
    session: WriteSession,
    *,
    idem_key: str,
    appointment_id: int,
    slot_id: int,
    identity: IdentityDigest | None,
    actor: Actor,
    now: datetime,
) -> bool:
    """Give an appointment of the desk another time at its office; False = the number is that of another paper.

    Raises OutOfReach, OfAChat, TooManyNumbers, NotCancellable(state), and what `require_bookable` raises.
    """
    found = _of_desk(session, appointment_id=appointment_id, actor=actor)
    if not _fits(session, found, identity=identity, actor=actor, now=now):
        return False
    if not is_of_office(session, slot_id=slot_id, office_id=found.office_id):
        raise SlotTaken(slot_id=slot_id)
    require_bookable(session, slot_id=slot_id, service_id=found.service_id, now=now)
    move_by_office(
        session,
        idem_key=idem_key,
        appointment_id=appointment_id,
        slot_id=slot_id,
        actor=actor,
        reason="",
        told={},
        at_desk=True,
        now=now,
    )
    accept(session, appointment_id=appointment_id, actor=actor, now=now)  # the person at the desk chose it
    return True


def give_back_at_desk(
    session: WriteSession, *, appointment_id: int, identity: IdentityDigest | None, actor: Actor, now: datetime
) -> bool:
    """Give an appointment of the desk back for its person; its place rests first, as one given back in a chat.

    False = the number is that of another paper. Raises OutOfReach, OfAChat, TooManyNumbers, NotCancellable(state).
    """
    found = _of_desk(session, appointment_id=appointment_id, actor=actor)
    if not _fits(session, found, identity=identity, actor=actor, now=now):
        return False
    give_up(session, appointment_id=appointment_id, actor=actor, now=now)
    return True


def _of_desk(session: WriteSession, *, appointment_id: int, actor: Actor) -> Any:
    session.flush()
    found = session.execute(_ONE, {"appointment": appointment_id}).one_or_none()
    if found is None:
        raise OutOfReach(Permission.APPOINTMENTS_BOOK)
    actor.require(Permission.APPOINTMENTS_BOOK, at=node_of(session, found.office_id))
    if found.conversation_id is not None:
        raise OfAChat(appointment_id=appointment_id)
    return found


def _fits(session: WriteSession, found: Any, *, identity: IdentityDigest | None, actor: Actor, now: datetime) -> bool:
    """Whether the paper is that of the appointment; a wrong number counts for the account as one looked for in vain."""
    if not has_number(found.document_kind):
        return True
    if actor.staff_id is not None:
        number_search.require_tries_left(session, actor=actor, now=now)
    if identity is not None and is_of_person(session, person_id=found.person_id, identity=identity):
        return True
    if actor.staff_id is not None:
        number_search.count_miss(session, actor=actor, now=now)
    return False


def _require_few(session: WriteSession, *, actor: Actor, now: datetime) -> None:
    until = too_many_until(session, kinds=[AT_DESK], most=MOST_AN_HOUR, actor=actor, now=now)
    if until is not None:
        raise TooManyAtDesk(most=MOST_AN_HOUR, until=until)


def too_many_until(
    session: WriteSession, *, kinds: Sequence[str], most: int, actor: Actor, now: datetime
) -> datetime | None:
    """Until when this account has written as many events of these kinds within an hour as it may; None = it has not.

    Of two of one account at once the second counts the first.
    """
    session.connection().execute(_LOCK, {"member": actor.staff_id})
    asked = {"since": now - HOUR, "member": actor.staff_id, "kinds": list(kinds)}
    times, first = session.connection().execute(_RECENT, asked).one()
    return first + HOUR if times >= most else None


@dataclass(frozen=True, slots=True)
class BookedAtDesk:
    """How many appointments an account booked at the desk of an office within a time."""

    name: str
    office: Any
    times: int


def booked_at_desks(
    session: Session, *, scope: Scope, since: datetime, kinds: Sequence[str] = (AT_DESK,)
) -> list[BookedAtDesk]:
    """The accounts that booked at the desk of an office within the scope, who booked most first.

    `kinds` = by which events, where others than that of a clerk's page count too.
    """
    times = func.count().label("times")
    found = session.execute(
        select(_members.c.name, _offices.c.name.label("office"), times)
        .join_from(_event, _members, _members.c.id == _event.c.actor_id)
        .join(_offices, _offices.c.id == _event.c.office_id)
        .where(
            _event.c.at > since,
            _event.c.kind.in_(kinds),
            _event.c.actor_kind == ActorKind.STAFF,
            offices_within(scope),
        )
        .group_by(_members.c.id, _members.c.name, _offices.c.id, _offices.c.name)
        .order_by(times.desc(), _members.c.id)
    )
    return [BookedAtDesk(row.name, row.office, row.times) for row in found]
