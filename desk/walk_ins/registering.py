"""Registers somebody who stands at the door without an appointment: a number for today, else a coming day.

Each walk-in is an appointment of no chat, under the rule that one person has one of a service.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from desk.acting import Actor, Permission
from desk.appointments.booking import Booked
from desk.appointments.history import subject_of
from desk.appointments.refusals import QuotaUsedUp, SlotTaken
from desk.calendar import local_day_of
from desk.events import actions as events
from desk.line.actions import enter_walk_in
from desk.offices.queries import office as office_row
from desk.offices.reach import node_of
from desk.offices.rows import OfficeRow
from desk.people.rules import DocumentKind, IdentityDigest
from desk.places.shares import use_walk_in, walk_ins_left
from desk.staff import number_search
from desk.storage.base import WriteSession
from desk.visits.at_desk import book_here, is_of_office, too_many_until
from desk.walk_ins.refusals import NoNumberLeft, NumberLeft, TooManyWalkIns
from desk.walk_ins.rules import MOST_AN_HOUR, REGISTERED, WalkInEvent


class _BookedBefore(Exception):
    """An earlier press with the same key booked it; what this one took goes back."""

    def __init__(self, booked: Booked) -> None:
        super().__init__()
        self.booked = booked


def give_number(
    session: WriteSession,
    *,
    idem_key: str,
    office_id: int,
    service_id: int,
    name: str,
    document_kind: DocumentKind,
    identity: IdentityDigest,
    beside: bool = False,
    actor: Actor,
    now: datetime,
) -> Booked:
    """Give the person whose paper is at hand a place of today's that is set apart for people without an appointment.

    They come into the line of today with it. `beside` as in `desk.visits.at_desk.book_at_desk`. Two at once get
    different places. Raises OutOfReach, TooManyWalkIns, TooManyNumbers, NoNumberLeft, and what `book` raises for
    another reason.
    """
    office = _require_may(session, office_id=office_id, actor=actor, now=now)
    today = local_day_of(now, zone=office.zone).date
    for each in walk_ins_left(session, office_id=office_id, service_id=service_id, day=today, after=now):
        booked = _book_in(
            session,
            queue_id=each.queue_id,
            today=today,
            idem_key=idem_key,
            service_id=service_id,
            name=name,
            document_kind=document_kind,
            identity=identity,
            beside=beside,
            actor=actor,
            now=now,
        )
        if booked is not None:
            if not booked.is_repeat:
                _note(session, booked, kind=WalkInEvent.NUMBER, office_id=office_id, actor=actor, now=now)
                enter_walk_in(session, appointment_id=booked.appointment_id, actor=actor, now=now)
            return booked
    raise NoNumberLeft(service_id=service_id)


def _book_in(
    session: WriteSession, *, queue_id: int, today: date, actor: Actor, now: datetime, **given: Any
) -> Booked | None:
    """Book on the next place of the queue; None = somebody else was quicker. A second press takes no second place."""
    try:
        with session.begin_nested():
            taken = use_walk_in(session, queue_id=queue_id, day=today, now=now)
            if taken is None:
                return None
            claim_id, slot_id = taken
            booked = book_here(session, slot_id=slot_id, walk_in=claim_id, actor=actor, now=now, **given)
            if booked.is_repeat:
                raise _BookedBefore(booked)
    except _BookedBefore as before:
        return before.booked
    except (SlotTaken, QuotaUsedUp):
        return None
    return booked


def give_day(
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
    """Give the person an appointment at this free time, where no number for today is left.

    Raises OutOfReach, TooManyWalkIns, TooManyNumbers, NumberLeft, and what `book` and `require_bookable` raise.
    """
    office = _require_may(session, office_id=office_id, actor=actor, now=now)
    if not is_of_office(session, slot_id=slot_id, office_id=office_id):
        raise SlotTaken(slot_id=slot_id)
    today = local_day_of(now, zone=office.zone).date
    if walk_ins_left(session, office_id=office_id, service_id=service_id, day=today, after=now):
        raise NumberLeft(service_id=service_id)
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
        _note(session, booked, kind=WalkInEvent.DAY, office_id=office_id, actor=actor, now=now)
    return booked


def _require_may(session: WriteSession, *, office_id: int, actor: Actor, now: datetime) -> OfficeRow:
    actor.require(Permission.APPOINTMENTS_WALK_IN, at=node_of(session, office_id))
    office = office_row(session, office_id=office_id)
    if office is None:
        raise LookupError(f"no office {office_id}")
    if actor.staff_id is not None:
        until = too_many_until(session, kinds=REGISTERED, most=MOST_AN_HOUR, actor=actor, now=now)
        if until is not None:
            raise TooManyWalkIns(most=MOST_AN_HOUR, until=until)
        number_search.require_tries_left(session, actor=actor, now=now)
    return office


def _note(
    session: WriteSession, booked: Booked, *, kind: WalkInEvent, office_id: int, actor: Actor, now: datetime
) -> None:
    subject = subject_of(booked.appointment_id)
    events.note(session, kind=kind, subject=subject, actor=actor, office_id=office_id, is_told=False, now=now)


def numbers_left(session: Session, *, office: OfficeRow, service_id: int, now: datetime) -> int:
    """How many numbers for today are left."""
    today = local_day_of(now, zone=office.zone).date
    left = walk_ins_left(session, office_id=office.id, service_id=service_id, day=today, after=now)
    return sum(each.places for each in left)
