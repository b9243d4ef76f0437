"""Booking an appointment: its row is inserted first and the place is taken last, so nothing is overbooked or booked
twice.

The SQL is the same on both databases (docs/decisions/0009-places-are-rows.md). A refusal leaves no rows behind, so the
caller's transaction may go on and commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, literal_column, or_, select, update
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.appointments.history import EventKind, subject_of, write_event
from desk.appointments.inserting import Written, write_appointment
from desk.appointments.models import Appointment
from desk.appointments.notices import announce, unsay, withdraw
from desk.appointments.refusals import AlreadyHasAppointment, NotInThisChat, QuotaUsedUp, SlotTaken
from desk.appointments.room import require_room
from desk.appointments.rules import AppointmentState, is_ahead
from desk.appointments.stored import stored_name
from desk.calendar import local_day_of
from desk.capacity.bookable import require_bookable
from desk.capacity.shares import Share
from desk.codes import CodeKind, TrackingCode
from desk.conversations.actions import lock_chat
from desk.conversations.rules import USUAL, ChatLimits
from desk.events import actions as events
from desk.offices.models import Office
from desk.people.links import link_of
from desk.people.rules import DocumentKind
from desk.places.claims import settle
from desk.places.shares import of_desk
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

ATTEMPTS = 5
"""How often the insert is tried again after a conflict that has vanished or a tracking code that is taken."""

MOST_OF_A_NUMBER = 2
"""Live appointments of one person, on any of their linked papers, and service: the first, and a contested one of
another chat."""

appointments = table_of(Appointment)
_PERSON = bindparam("person", type_=appointments.c.person_id.type)
_LIVE = (
    select(
        *appointments.c["id", "conversation_id", "day", "state", "starts_at"],
        Office.zone,
    )
    .join_from(appointments, Office, Office.id == appointments.c.office_id)
    .where(
        or_(appointments.c.person_id == _PERSON, appointments.c.link_id == link_of(_PERSON)),
        appointments.c.service_id == bindparam("service"),
        literal_column("appointments.is_live"),
    )
    .order_by(appointments.c.id)
)


@dataclass(frozen=True, slots=True)
class Booked:
    """A booked appointment; `is_repeat` = an earlier message with the same key booked it."""

    appointment_id: int
    code: TrackingCode
    is_repeat: bool


class WithHousehold(NamedTuple):
    """The household with which somebody is booked; `has_paper` = one of its people has a paper."""

    household_id: int
    has_paper: bool
    has_place_there: bool = False
    """Whether one of them was booked at this slot before, whose place serves all."""


def book(
    session: WriteSession,
    *,
    idem_key: str,
    actor: Actor,
    for_chat: int | None = None,
    slot_id: int,
    service_id: int,
    person_id: int,
    person_name: str,
    document_kind: DocumentKind | None,
    code: TrackingCode,
    household: WithHousehold | None = None,
    beside: bool = False,
    limits: ChatLimits = USUAL,
    by_draw: bool = False,
    by_offer: bool = False,
    at_desk: bool = False,
    walk_in: int | None = None,
    now: datetime,
) -> Booked:
    """Book an appointment and write its ticket and reminders.

    A chat books for itself and within `limits`: its hold on the slot is used, any other hold is released. Staff and the
    system give the appointment to the chat `for_chat`, or to none; that chat's holds stay as they are.
    Of a `household` only `desk.appointments.households` books, which books all of it or none.
    The same `idem_key` returns the same appointment. If `code` is taken, another code is drawn: show people the
    returned one. Where another chat has a live appointment of this person for this service, this one is contested:
    nothing else is different for the chat. For no chat a live one is refused, unless it is booked `beside` that of a
    chat.
    With `at_desk` a place that is set apart for the desk is used first, and one of everybody's where there is none.
    `walk_in` = the claim on a place for people without an appointment that was taken for this one.
    `by_draw` = the person won the place; else places under a draw are refused to everybody, also to staff. `by_offer` =
    it was offered to them, and counts for its quota since.
    Raises SlotTaken, QuotaUsedUp, SlotPassed, TooFarAhead, PlaceIsDrawn, AlreadyHasAppointment, NotInThisChat,
    NotBookable, ServiceNotOffered, and for a chat NotOpenYet, TooManyAppointments, OneWithoutPaper, TooManyCancelled.
    """
    session.flush()
    books_itself = actor.conversation_id is not None
    conversation_id = actor.conversation_id if books_itself else for_chat
    if actor.conversation_id is not None:
        lock_chat(session, conversation_id=actor.conversation_id)
    given = {
        "idem_key": idem_key,
        "slot": slot_id,
        "service": service_id,
        "person_id": person_id,
        "conversation_id": conversation_id,
        "document_kind": document_kind,
        "household_id": household.household_id if household is not None else None,
        "has_place": household is None or not household.has_place_there,
        "beside": beside,
        "now": now,
    }
    is_brought = household is not None and household.has_paper
    for _ in range(ATTEMPTS):
        name = stored_name(session.keys, person_name, digits=code.digits)
        row = given | {"code": code.digits, "name_sealed": name}
        written = write_appointment(
            session, row, limits=limits if books_itself else None, is_brought=is_brought, by_draw=by_draw
        )
        if written is not None:
            apart = of_desk(session, slot_id=slot_id) if at_desk else walk_in
            _complete(
                session,
                written,
                slot_id=slot_id,
                takes_place=given["has_place"] is True,
                claim_id=written.claim_id if books_itself else apart,
                counts_for=service_id if written.is_counted else None,
                by_offer=by_offer,
                is_joint=household is not None,
                actor=actor,
                now=now,
            )
            if apart is not None:
                share = Share.DESK if at_desk else Share.WALK_IN
                note_share(session, appointment_id=written.appointment_id, share=share)
            return Booked(appointment_id=written.appointment_id, code=code, is_repeat=False)
        repeat = _by_key(session, idem_key)
        if repeat is not None:
            return repeat
        require_bookable(
            session,
            slot_id=slot_id,
            service_id=service_id,
            by_office=not books_itself,
            by_draw=by_draw,
            now=now,
        )
        has_lapsed = refuse_second_appointment(
            session,
            person_id=person_id,
            service_id=service_id,
            conversation_id=conversation_id,
            beside=beside,
            now=now,
        )
        if actor.conversation_id is not None:
            require_room(
                session,
                conversation_id=actor.conversation_id,
                service_id=service_id,
                document_kind=None if is_brought else document_kind,
                limits=limits,
                now=now,
            )
        if not has_lapsed:
            code = TrackingCode.make(CodeKind.APPOINTMENT)
    raise SlotTaken(slot_id=slot_id)


def _complete(
    session: WriteSession,
    appointment: Written,
    *,
    slot_id: int,
    takes_place: bool,
    claim_id: int | None,
    counts_for: int | None,
    by_offer: bool,
    is_joint: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Complete a booking whose row is inserted: history, messages, and last of all the place."""
    appointment_id = appointment.appointment_id
    write_event(
        session,
        appointment_id=appointment_id,
        office_id=appointment.office_id,
        day=appointment.day,
        kind=EventKind.BOOKED,
        state=AppointmentState.BOOKED,
        slot_id=slot_id,
        actor=actor,
        now=now,
    )
    if appointment.address is not None:
        announce(
            session,
            appointment_id=appointment_id,
            moves=0,
            starts_at=appointment.starts_at,
            zone=appointment.zone,
            is_joint=is_joint,
            to=appointment.address,
            now=now,
        )
    if not takes_place:
        return
    try:
        settle(session, claim_id=claim_id, slot_id=slot_id, counts_for=counts_for, is_offered=by_offer)
    except (SlotTaken, QuotaUsedUp):
        # A savepoint would do the same, but costs two more round trips per booking.
        unsay(session, appointment_id=appointment_id)
        events.take_back(session, subject=subject_of(appointment_id))
        session.connection().execute(delete(appointments).where(appointments.c.id == appointment_id))
        raise


def note_share(session: WriteSession, *, appointment_id: int, share: Share | None) -> None:
    """Note the share of its slot whose place an appointment holds."""
    session.connection().execute(update(appointments).where(appointments.c.id == appointment_id).values(share=share))


def _by_key(session: Session, idem_key: str) -> Booked | None:
    found = session.execute(
        select(appointments.c.id, appointments.c.code).where(appointments.c.idem_key == idem_key)
    ).one_or_none()
    return None if found is None else Booked(appointment_id=found[0], code=TrackingCode(found[1]), is_repeat=True)


def refuse_second_appointment(
    session: WriteSession,
    *,
    person_id: int,
    service_id: int,
    conversation_id: int | None,
    beside: bool = False,
    now: datetime,
) -> bool:
    """Raise AlreadyHasAppointment where this chat has a live appointment of this person for this service.

    One of another chat stands in nobody's way, so that asking tells nothing; with two of them NotInThisChat is raised.
    For no chat each of them counts, but those of chats where it is booked `beside` them. Returns True if there was one
    whose day is over and that nobody recorded: it has been lapsed and no longer blocks.
    """
    found = session.execute(_LIVE, {"person": person_id, "service": service_id}).all()
    over = [each for each in found if each.day < local_day_of(now, zone=each.zone).date]
    for each in over:
        session.connection().execute(
            update(appointments)
            .where(appointments.c.id == each.id, appointments.c.day == each.day)
            .values(is_live=False)
        )
        withdraw(session, appointment_id=each.id)
    present = [each for each in found if each not in over]
    for each in present:
        is_own = conversation_id is not None and each.conversation_id == conversation_id
        stands_in_the_way = conversation_id is None and not (beside and each.conversation_id is not None)
        if is_own or stands_in_the_way:
            raise AlreadyHasAppointment(
                appointment_id=each.id,
                is_own_chat=is_own,
                can_be_changed=is_ahead(each.state, each.starts_at, now=now),
            )
    if len(present) >= MOST_OF_A_NUMBER:
        raise NotInThisChat(service_id=service_id)
    return bool(over)
