"""The one statement that checks a time and writes the turn's row; every round trip saved here is saved by each booking.

It writes nothing where the time can't be booked or where an earlier row stands in the way; `looking` then says why.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Executable, bindparam, literal, select
from sqlalchemy.orm import Session

from desk.appointments.looking import chat_table, hold_table, link, office, queue, service, slot
from desk.appointments.models import Appointment
from desk.appointments.rules import State
from desk.capacity.models import SlotStatus
from desk.capacity.rules import bookable_until
from desk.catalogue.queries import TAKES_TURNS
from desk.outbox.rules import Address3
from desk.storage.upsert import insert_into, table_of

appointments = table_of(Appointment)

GIVEN = ("code", "idem_key", "person_id", "conversation_id", "person_name", "document_kind")
"""Columns whose values the caller gives, under their own names."""


class Written(NamedTuple):
    """A turn's new row, and what is needed to complete the booking."""

    appointment_id: int
    starts_at: datetime
    zone: str
    held_slot_id: int | None
    address: Address3 | None


def write_turn(session: Session, given: dict[str, Any]) -> Written | None:
    """Write a turn's row; `given` holds the columns of GIVEN and `slot`, `service`, `now`. None = nothing written."""
    found = (
        session.connection()
        .execute(_statement(session.get_bind().dialect.name), given | {"until": bookable_until(given["now"])})
        .one_or_none()
    )
    if found is None:
        return None
    appointment_id, starts_at, zone, held, channel, bot, chat = found
    return Written(appointment_id, starts_at, zone, held, Address3(channel, bot, chat) if channel else None)


@lru_cache(maxsize=2)
def _statement(dialect: str) -> Executable:
    now = bindparam("now", type_=appointments.c.created_at.type)
    conversation = bindparam("conversation_id", type_=appointments.c.conversation_id.type)
    values = {name: bindparam(name, type_=appointments.c[name].type) for name in GIVEN} | {
        "slot_id": slot.c.id,
        "office_id": queue.c.office_id,
        "service_id": service.c.id,
        "state": literal(State.BOOKED, type_=appointments.c.state.type),
        "is_live": literal(True, type_=appointments.c.is_live.type),
        "starts_at": slot.c.starts_at,
        "day": slot.c.day,
        "moves": literal(0, type_=appointments.c.moves.type),
        "created_at": now,
        "changed_at": now,
    }
    bookable = (
        select(*(value.label(name) for name, value in values.items()))
        .select_from(slot)
        .join(queue, queue.c.id == slot.c.queue_id)
        .join(office, office.c.id == queue.c.office_id)
        .join(service, service.c.id == bindparam("service"))
        .join(link, (link.c.queue_id == queue.c.id) & (link.c.service_id == service.c.id))
        .where(
            slot.c.id == bindparam("slot"),
            slot.c.status == SlotStatus.LIVE,
            slot.c.starts_at > now,
            slot.c.starts_at <= bindparam("until", type_=slot.c.starts_at.type),
            queue.c.is_active,
            office.c.is_active,
            link.c.is_active,
            TAKES_TURNS,
        )
    )
    # One table for each subquery: SQLAlchemy leaves out the tables' names in what SQLite returns.
    its_queue = select(slot.c.queue_id).where(slot.c.id == bindparam("slot")).scalar_subquery()
    its_office = select(queue.c.office_id).where(queue.c.id == its_queue).scalar_subquery()
    in_chat = chat_table.c.id == conversation
    return (
        insert_into(dialect, Appointment)
        .from_select(list(values), bookable)
        .on_conflict_do_nothing()
        .returning(
            appointments.c.id,
            appointments.c.starts_at,
            select(office.c.zone).where(office.c.id == its_office).scalar_subquery(),
            select(hold_table.c.slot_id).where(hold_table.c.conversation_id == conversation).scalar_subquery(),
            *(select(column).where(in_chat).scalar_subquery() for column in chat_table.c["channel", "bot", "chat"]),
        )
    )
