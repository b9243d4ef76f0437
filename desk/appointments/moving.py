"""Moving an appointment: the old place is given back and the new one taken in the same transaction.

Where the person moves it, the old place rests before anybody is offered it. Where the office moves it, the new time is
a proposal. Of a household that shares a place it joins those who stand at the new time, and leaves theirs to those who
stay at the old one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from desk.acting import Actor
from desk.appointments.booking import appointments, note_share
from desk.appointments.changing import AppointmentToChange, appointment_to_change, as_read
from desk.appointments.history import EventKind, write_event
from desk.appointments.looking import Time, bookable_time
from desk.appointments.notices import announce, tell_moved_by_office, withdraw
from desk.appointments.one_place import joins_there, place_left
from desk.appointments.proposing import propose, settle
from desk.appointments.refusals import NotCancellable, NotYours, SlotTaken
from desk.appointments.rules import AppointmentState, ProposalState, answer_until
from desk.appointments.the_rest import correct_all
from desk.capacity.shares import Share
from desk.codes import TrackingCode
from desk.conversations.actions import require_chat
from desk.events import actions as events
from desk.periods import USUAL_REST, Rest
from desk.places import quotas
from desk.places.claims import counted_of
from desk.places.claims import settle as use_claim
from desk.places.counting import swap_places
from desk.places.holds import let_go, release
from desk.places.resting import give_back_later
from desk.places.shares import of_desk
from desk.refusals import whole
from desk.storage.base import WriteSession


@dataclass(frozen=True, slots=True)
class Moved:
    """An appointment at its new time; `is_repeat` = an earlier message with the same key had moved it."""

    appointment_id: int
    code: TrackingCode
    starts_at: datetime
    is_repeat: bool


def move(
    session: WriteSession,
    *,
    idem_key: str,
    appointment_id: int,
    actor: Actor,
    slot_id: int,
    rest: Rest = USUAL_REST,
    by_draw: bool = False,
    by_offer: bool = False,
    now: datetime,
) -> Moved:
    """Move the appointment to another slot of the same service, or change nothing at all.

    The chat's hold on the new slot is used; any other hold is released. The same `idem_key` moves once. Moving to the
    present slot is no move (`is_repeat`). `by_draw` = the person won the place, `by_offer` = it was offered to them.
    Raises NotYours, NotCancellable(state), SlotTaken, QuotaUsedUp, SlotPassed, TooFarAhead, PlaceIsDrawn, NotOpenYet,
    NotBookable, ServiceNotOffered.
    """
    conversation_id = require_chat(actor)
    session.flush()
    appointment = appointment_to_change(session, appointment_id=appointment_id)
    if appointment is None or appointment.conversation_id != conversation_id:
        raise NotYours(appointment_id=appointment_id)
    if events.is_noted(session, idem_key=idem_key):
        return _moved(session, appointment, is_repeat=True)
    if appointment.state is not AppointmentState.BOOKED or not appointment.is_live:
        raise NotCancellable(appointment_id=appointment.id, state=appointment.state)
    time = bookable_time(
        session,
        slot_id=slot_id,
        service_id=appointment.service_id,
        conversation_id=conversation_id,
        by_draw=by_draw,
        now=now,
    )
    if slot_id == appointment.slot_id:
        release(session, actor=actor)  # the place held for a second time is not needed
        return _moved(session, appointment, is_repeat=True)
    joins = joins_there(session, appointment, slot_id=slot_id)
    with session.begin_nested():
        _move(
            session,
            appointment,
            idem_key=idem_key,
            slot_id=slot_id,
            time=time,
            has_place=not joins,
            actor=actor,
            now=now,
        )
        _announce(session, appointment, time=time, now=now)
        held = let_go(session, actor=actor)
        taken = [] if joins else [slot_id]
        counted = quotas.counted(taken, service_id=appointment.service_id if time.has_quota else None)
        quotas.swap(session, given_back=counted_of(held), taken=counted, is_offered=by_offer)
        swap_places(session, given_back=[each.slot_id for each in held], taken=taken)
        if joins:
            swap_places(session, given_back=[slot_id], taken=[slot_id])  # it must be open still
        for place in place_left(session, appointment):
            give_back_later(
                session,
                slot_id=place.slot_id,
                starts_at=appointment.starts_at,
                holder=appointment.holder,
                counts_for=place.counts_for,
                rest=rest,
                now=now,
            )
    return _moved(session, appointment, is_repeat=False)


def move_by_office(
    session: WriteSession,
    *,
    idem_key: str,
    appointment_id: int,
    slot_id: int,
    actor: Actor,
    reason: str,
    told: Mapping[str, Any],
    at_desk: bool = False,
    now: datetime,
) -> Moved:
    """The office proposes another time and keeps its place; the person is told why, by the notice `told`.

    The ticket and the reminders follow the answer, or come at once where there is no time for one (`answer_until`) or
    no chat to ask. The chat's holds stay as they are. With `at_desk` a place of the desk is
    used first.
    The same `idem_key` moves once. The history records it.
    Raises NotCancellable(state), SlotTaken, QuotaUsedUp, SlotPassed, NotBookable, ServiceNotOffered, LookupError.
    """
    session.flush()
    appointment = appointment_to_change(session, appointment_id=appointment_id)
    if appointment is None:
        raise LookupError(f"no appointment {appointment_id}")
    if events.is_noted(session, idem_key=idem_key):
        return _moved(session, appointment, is_repeat=True)
    if appointment.state is not AppointmentState.BOOKED or not appointment.is_live:
        raise NotCancellable(appointment_id=appointment.id, state=appointment.state)
    time = bookable_time(
        session,
        slot_id=slot_id,
        service_id=appointment.service_id,
        conversation_id=appointment.conversation_id,
        by_office=True,
        now=now,
    )
    if slot_id == appointment.slot_id:
        raise SlotTaken(slot_id=slot_id)
    joins = joins_there(session, appointment, slot_id=slot_id)
    with session.begin_nested():
        _move(
            session,
            appointment,
            idem_key=idem_key,
            slot_id=slot_id,
            time=time,
            has_place=not joins,
            actor=actor,
            reason=whole(reason, most=200),
            now=now,
        )
        until = None if appointment.address is None else answer_until(time.starts_at, zone=time.zone, now=now)
        propose(session, appointment, until=until, now=now)
        if appointment.address is not None:
            tell_moved_by_office(
                session,
                appointment_id=appointment.id,
                moves=appointment.moves + 1,
                told=told,
                to=appointment.address,
                now=now,
            )
        if until is None:
            _announce(session, appointment, time=time, now=now)
        left, taken = place_left(session, appointment), [] if joins else [slot_id]
        counted = quotas.counted(taken, service_id=appointment.service_id if time.has_quota else None)
        quotas.swap(session, given_back=counted_of(left), taken=counted)
        apart = of_desk(session, slot_id=slot_id) if at_desk and not joins else None
        if apart is None:
            swap_places(session, given_back=[each.slot_id for each in left], taken=taken)
        else:
            use_claim(session, claim_id=apart, slot_id=slot_id)
            note_share(session, appointment_id=appointment.id, share=Share.DESK)
            swap_places(session, given_back=[each.slot_id for each in left])
        if joins:
            swap_places(session, given_back=[slot_id], taken=[slot_id])  # it must be open still
    return _moved(session, appointment, is_repeat=False)


def _move(
    session: WriteSession,
    appointment: AppointmentToChange,
    *,
    idem_key: str,
    slot_id: int,
    time: Time,
    has_place: bool,
    actor: Actor,
    reason: str | None = None,
    now: datetime,
) -> None:
    """Set the new slot and write the history; raises NotCancellable where a concurrent change came first."""
    changed = session.connection().execute(
        update(appointments)
        .where(as_read(appointment), appointments.c.moves == appointment.moves)
        .values(
            slot_id=slot_id,
            starts_at=time.starts_at,
            day=time.day,
            office_id=time.office_id,
            moves=appointment.moves + 1,
            office_reason=reason,
            asked_at=None,
            confirmed_at=None,
            share=None,
            has_place=has_place,
            is_counted=time.has_quota and has_place,
            changed_at=now,
        )
    )
    if changed.rowcount != 1:
        raise NotCancellable(appointment_id=appointment.id, state=appointment.state)
    is_own = actor.conversation_id is not None
    settle(session, appointment, outcome=ProposalState.CHANGED if is_own else ProposalState.WITHDRAWN, now=now)
    correct_all(session, appointment, what=str(appointment.moves + 1), due_at=now, now=now)
    withdraw(session, appointment_id=appointment.id)
    write_event(
        session,
        appointment_id=appointment.id,
        office_id=time.office_id,
        day=time.day,
        left=(appointment.office_id, appointment.day),
        kind=EventKind.MOVED,
        state=AppointmentState.BOOKED,
        slot_id=slot_id,
        was=(appointment.state, appointment.slot_id),
        actor=actor,
        idem_key=idem_key,
        now=now,
    )


def _announce(session: WriteSession, appointment: AppointmentToChange, *, time: Time, now: datetime) -> None:
    """Send the ticket of the new time and its reminders, where the appointment has a chat."""
    if time.address is not None:
        announce(
            session,
            appointment_id=appointment.id,
            moves=appointment.moves + 1,
            starts_at=time.starts_at,
            zone=time.zone,
            is_joint=appointment.household_id is not None,
            to=time.address,
            now=now,
        )


def _moved(session: WriteSession, appointment: AppointmentToChange, *, is_repeat: bool) -> Moved:
    starts_at = session.execute(
        select(appointments.c.starts_at).where(appointments.c.id == appointment.id)
    ).scalar_one()
    return Moved(
        appointment_id=appointment.id, code=TrackingCode(appointment.code), starts_at=starts_at, is_repeat=is_repeat
    )
