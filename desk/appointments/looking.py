"""What has to be known of a time before it is booked, in one statement, and why it can't be."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from desk.appointments.refusals import NotBookable, ServiceNotOffered, SlotPassed, SlotTaken, TooFarAhead
from desk.capacity.models import Queue, QueueService, Slot, SlotStatus
from desk.capacity.rules import bookable_until
from desk.catalogue.models import Service
from desk.catalogue.queries import TAKES_TURNS
from desk.conversations.models import Conversation
from desk.offices.models import Office
from desk.outbox.rules import Address3
from desk.places.models import Hold
from desk.refusals import Refusal
from desk.storage.upsert import table_of


class Place(NamedTuple):
    """What has to be known of a slot to book it: where it is, what it is for, and the chat's hold and address."""

    starts_at: datetime
    day: date
    is_live: bool
    office_id: int
    zone: str
    is_offered: bool
    is_bookable: bool
    held_slot_id: int | None
    address: Address3 | None


# Core tables: this runs before every booking, and the ORM's share of it would be the larger one.
slot, queue, office, service = (table_of(model) for model in (Slot, Queue, Office, Service))
link, hold_table, chat_table = (table_of(model) for model in (QueueService, Hold, Conversation))
_LOOK = (
    select(
        slot.c.starts_at,
        slot.c.day,
        slot.c.status == SlotStatus.LIVE,
        queue.c.office_id,
        office.c.zone,
        and_(queue.c.is_active, office.c.is_active, link.c.queue_id.is_not(None), link.c.is_active),
        TAKES_TURNS,
        hold_table.c.slot_id,
        chat_table.c.channel,
        chat_table.c.bot,
        chat_table.c.chat,
    )
    .select_from(slot)
    .join(queue, queue.c.id == slot.c.queue_id)
    .join(office, office.c.id == queue.c.office_id)
    .join(service, service.c.id == bindparam("service"))
    .outerjoin(link, and_(link.c.queue_id == queue.c.id, link.c.service_id == bindparam("service")))
    .outerjoin(chat_table, chat_table.c.id == bindparam("conversation"))
    .outerjoin(hold_table, hold_table.c.conversation_id == chat_table.c.id)
    .where(slot.c.id == bindparam("slot"))
)


def look_at(session: Session, *, slot_id: int, service_id: int, conversation_id: int | None) -> Place | None:
    """What has to be known to book this slot for this service in this chat; None = there is no such slot."""
    asked = {"slot": slot_id, "service": service_id, "conversation": conversation_id}
    found = session.connection().execute(_LOOK, asked).one_or_none()
    if found is None:
        return None
    starts_at, day, is_live, office_id, zone, is_offered, is_bookable, held, channel, bot, chat = found
    address = Address3(channel, bot, chat) if channel else None
    return Place(starts_at, day, is_live, office_id, zone, bool(is_offered), bool(is_bookable), held, address)


def refusal_of(place: Place | None, *, slot_id: int, service_id: int, now: datetime) -> Refusal | None:
    """Why this slot can't be booked for this service, as far as it shows before taking the place."""
    if place is None:
        return SlotTaken(slot_id=slot_id)
    if not place.is_bookable:
        return NotBookable(service_id=service_id)
    if not place.is_offered:
        return ServiceNotOffered(service_id=service_id, slot_id=slot_id)
    if place.starts_at <= now:
        return SlotPassed(slot_id=slot_id)
    if place.starts_at > bookable_until(now):
        return TooFarAhead(slot_id=slot_id)
    if not place.is_live:
        return SlotTaken(slot_id=slot_id)
    return None
