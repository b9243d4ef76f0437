"""Carries out the remedy for one affected appointment: keep it, propose the nearest free time, cancel it, or tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from desk.acting import NOTHING, SYSTEM, Actor
from desk.appointments.actions import cancel_by_office, move_by_office
from desk.appointments.models import Appointment
from desk.appointments.notices import cancelled_key, moved_key
from desk.appointments.proposals import OF_ITS_TIME, proposals
from desk.appointments.refusals import (
    NotBookable,
    NotCancellable,
    QuotaUsedUp,
    ServiceNotOffered,
    SlotPassed,
    SlotTaken,
)
from desk.appointments.rules import AppointmentState, ProposalState, is_ahead, times_proposed
from desk.capacity.actions import materialise
from desk.capacity.models import Slot
from desk.capacity.queries import first_free, soonest_elsewhere
from desk.consequences.hit import has_its_place
from desk.consequences.households import slot_with_the_others
from desk.consequences.models import Change, ChangedAppointment
from desk.consequences.rules import MOST_PROPOSED, ChangeKind, ChangeNotice, Progress, Remedy, Why
from desk.consequences.telling import tell
from desk.conversations.models import Conversation
from desk.offices.models import Office
from desk.outbox.rules import Recipient
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.values import GeoPoint

changes, changed = table_of(Change), table_of(ChangedAppointment)
appointments, chats, slots, offices = (table_of(model) for model in (Appointment, Conversation, Slot, Office))

MOMENT = timedelta(seconds=1)
"""The search begins just before the lost time: another counter may be free at that very time."""
LOSES_ITS_TIME = (Remedy.MOVE, Remedy.CANCEL)
TRIES = 3
"""How often another slot is searched for when the one that was found is taken meanwhile."""


class _Appointment(NamedTuple):
    change_id: int
    kind: ChangeKind
    reason: str
    staff_id: int | None
    others_after: datetime | None
    why: Why
    remedy: Remedy
    appointment_id: int
    was_slot: int
    was: datetime
    office_id: int
    slot_id: int
    state: AppointmentState
    is_live: bool
    moves: int
    service_id: int
    household_id: int | None
    proposal: ProposalState | None
    nth: int | None
    address: Recipient | None

    @property
    def times_proposed(self) -> int:
        """How many times were proposed to the person without an answer between them."""
        return times_proposed(self.proposal, self.nth)

    @property
    def actor(self) -> Actor:
        """The member of staff who decided; their authority was checked then."""
        return SYSTEM if self.staff_id is None else Actor.staff(self.staff_id, NOTHING)


def carry(session: WriteSession, *, id: int, now: datetime) -> None:
    """Do for one appointment what was decided, and record its progress and the key of the message that tells it."""
    appointment = _appointment(session, id)
    # Where the person changed or cancelled it meanwhile, or staff opened its time again, nothing is left to do.
    is_same = (
        appointment.slot_id == appointment.was_slot
        and appointment.is_live
        and is_ahead(appointment.state, appointment.was, now=now)
        and not (appointment.remedy in LOSES_ITS_TIME and has_its_place(session, appointment.appointment_id))
    )
    step, key = _carried(session, appointment, id=id, now=now) if is_same else (Progress.LEFT, None)
    session.connection().execute(
        update(changed).where(changed.c.id == id).values(step=step, message_key=key, done_at=now)
    )


def _carried(
    session: WriteSession, appointment: _Appointment, *, id: int, now: datetime
) -> tuple[Progress, str | None]:
    try:
        match appointment.remedy:
            case Remedy.MOVE:
                return _moved(session, appointment, id=id, now=now) or _cancelled(session, appointment, now=now)
            case Remedy.CANCEL:
                return _cancelled(session, appointment, now=now)
            case Remedy.TELL:
                return Progress.TOLD, _told(session, appointment, notice=ChangeNotice.OFFICE_MOVED, now=now)
            case Remedy.KEEP:
                # A person who keeps their place among fewer counters notices nothing: a message would only frighten.
                key = (
                    None
                    if appointment.why is Why.OVER
                    else _told(session, appointment, notice=ChangeNotice.KEPT, now=now)
                )
                return Progress.KEPT, key
    except NotCancellable:
        return Progress.LEFT, None


def _cancelled(session: WriteSession, appointment: _Appointment, *, now: datetime) -> tuple[Progress, str | None]:
    with session.begin_nested():
        cancel_by_office(
            session,
            appointment_id=appointment.appointment_id,
            actor=appointment.actor,
            reason=appointment.reason,
            now=now,
        )
    key = cancelled_key(appointment.appointment_id, moves=appointment.moves) if appointment.address else None
    return Progress.CANCELLED, key


def _moved(
    session: WriteSession, appointment: _Appointment, *, id: int, now: datetime
) -> tuple[Progress, str | None] | None:
    """Propose another time; None = there is no free slot anywhere, or the person had better choose."""
    if appointment.times_proposed >= MOST_PROPOSED:
        return None
    for _ in range(TRIES):
        after = max(now, appointment.was - MOMENT, appointment.others_after or now)
        slot_id = slot_with_the_others(
            session,
            change_id=appointment.change_id,
            appointment_id=appointment.appointment_id,
            household_id=appointment.household_id,
            chat_id=appointment.address.conversation_id if appointment.address else None,
            service_id=appointment.service_id,
            office_id=appointment.office_id,
            after=after,
        ) or nearest_free(session, service_id=appointment.service_id, office_id=appointment.office_id, after=after)
        if slot_id is None:
            return None
        told = {
            "change": appointment.change_id,
            "was": appointment.was.isoformat(),
            "was_office": appointment.office_id,
        }
        try:
            move_by_office(
                session,
                idem_key=f"change:{id}",
                appointment_id=appointment.appointment_id,
                slot_id=slot_id,
                actor=appointment.actor,
                reason=appointment.reason,
                told=told,
                now=now,
            )
        except (SlotTaken, QuotaUsedUp, SlotPassed, ServiceNotOffered):
            continue  # the slot was taken meanwhile, or it has left the queue
        except NotBookable:
            return None
        key = moved_key(appointment.appointment_id, moves=appointment.moves + 1) if appointment.address else None
        return Progress.MOVED, key
    return None


def nearest_free(session: Session, *, service_id: int, office_id: int, after: datetime) -> int | None:
    """The first free slot after `after`: at the same office, else at the nearest, else anywhere.

    Never before the lost time: the person may read the message late.
    """
    office = session.execute(
        select(offices.c.latitude, offices.c.longitude, offices.c.province_code, offices.c.is_active).where(
            offices.c.id == office_id
        )
    ).one()
    if office.is_active:
        here = first_free(session, service_id=service_id, office_ids=[office_id], after=after, by_office=True, limit=1)
        if here:
            return here[0].slot_id
    search = partial(
        soonest_elsewhere, session, service_id=service_id, except_office=office_id, after=after, by_office=True
    )
    if office.latitude is not None:
        point = GeoPoint(office.latitude, office.longitude)
        found = search(near=point, province_code=None, limit=10)
        near = [(each.km, each.slot.slot_id) for each in found if each.km is not None]
        if near:
            return min(near)[1]  # the nearest office with a free slot, not the earliest slot: people have to travel
    found = search(near=None, province_code=office.province_code, limit=1)
    found = found or search(near=None, province_code=None, limit=1)
    return found[0].slot.slot_id if found else None


def ready_again(session: WriteSession, *, ids: Sequence[int], now: datetime) -> None:
    """Offer places again that were kept for people of removed times, now that these people have left."""
    days: dict[int, set[date]] = defaultdict(set)
    for queue_id, day in session.execute(
        select(slots.c.queue_id, slots.c.day)
        .join(changed, changed.c.slot_id == slots.c.id)
        .join(changes, changes.c.id == changed.c.change_id)
        .where(
            changed.c.id.in_(ids),
            changed.c.step.in_([Progress.MOVED, Progress.CANCELLED]),
            changes.c.kind.in_([ChangeKind.RULE, ChangeKind.DAY]),  # other kinds of change leave no places to offer
        )
        .distinct()
    ):
        days[queue_id].add(day)
    for queue_id in sorted(days):
        materialise(session, queue_id=queue_id, days=sorted(days[queue_id]), now=now)


def _told(session: WriteSession, appointment: _Appointment, *, notice: ChangeNotice, now: datetime) -> str | None:
    if appointment.address is None:
        return None
    return tell(
        session,
        notice=notice,
        change_id=appointment.change_id,
        appointment_id=appointment.appointment_id,
        moves=appointment.moves,
        to=appointment.address,
        now=now,
    )


def _appointment(session: Session, id: int) -> _Appointment:
    row = session.execute(
        select(
            changes.c.id.label("change_id"),
            *changes.c["kind", "reason", "staff_id", "others_after"],
            *changed.c["why", "remedy", "appointment_id"],
            changed.c.slot_id.label("was_slot"),
            changed.c.starts_at.label("was"),
            *appointments.c["office_id", "slot_id", "state", "is_live", "moves", "service_id", "household_id"],
            proposals.c.state.label("proposal"),
            proposals.c.nth,
            *chats.c["channel", "bot"],
            chats.c.id.label("chat_id"),
        )
        .select_from(changed)
        .join(changes, changes.c.id == changed.c.change_id)
        .join(appointments, appointments.c.id == changed.c.appointment_id)
        .outerjoin(proposals, OF_ITS_TIME)
        .outerjoin(chats, chats.c.id == appointments.c.conversation_id)
        .where(changed.c.id == id)
    ).one()
    values = dict(row._mapping)
    channel, bot, chat_id = (values.pop(name) for name in ("channel", "bot", "chat_id"))
    return _Appointment(**values, address=Recipient(channel, bot, chat_id) if channel else None)
