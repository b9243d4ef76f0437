"""Reads, in one statement, the slot that an appointment is moved to, and says why it cannot be booked."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam
from sqlalchemy.orm import Session

from desk.capacity.bookable import FOR_A_SERVICE, offices, queues, require_met, slots, window
from desk.conversations.models import Conversation
from desk.outbox.rules import Recipient
from desk.storage.upsert import table_of


class Time(NamedTuple):
    """A slot that may be booked: its time and office, and the address of the chat it is for."""

    starts_at: datetime
    day: date
    office_id: int
    zone: str
    has_quota: bool
    """Whether the service has a quota there."""
    address: Recipient | None


_chats = table_of(Conversation)
_TIME = FOR_A_SERVICE.add_columns(
    *slots.c["starts_at", "day"],
    queues.c.office_id,
    offices.c.zone,
    *_chats.c["channel", "bot"],
    _chats.c.id.label("chat_id"),
).outerjoin(_chats, _chats.c.id == bindparam("conversation"))


def bookable_time(
    session: Session,
    *,
    slot_id: int,
    service_id: int,
    conversation_id: int | None,
    by_office: bool = False,
    by_draw: bool = False,
    now: datetime,
) -> Time:
    """The slot, if this chat may book it for this service; whether a place is left is not checked.

    An office moves an appointment also to a day whose places are drawn; a chat only by a draw that it won.
    Raises NotBookable, ServiceNotOffered, SlotPassed, TooFarAhead, PlaceIsDrawn, NotOpenYet (not for an office), and
    SlotTaken for a closed or unknown slot.
    """
    here = window(now, by_office=by_office, by_draw=by_office or by_draw)
    asked = {"slot": slot_id, "service": service_id, "conversation": conversation_id, **here}
    found = session.connection().execute(_TIME, asked).one_or_none()
    found = require_met(found, slot_id=slot_id, service_id=service_id)
    address = Recipient(found.channel, found.bot, found.chat_id) if found.channel else None
    return Time(found.starts_at, found.day, found.office_id, found.zone, found.has_quota, address)
