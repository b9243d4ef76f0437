"""Places that were held before claims had a table: each is still held, and counted, by whom it was."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, MetaData, Table, select
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.appointments.models import Appointment
from desk.capacity.models import Slot
from desk.places.actions import hold, release_expired
from desk.places.claims import claim
from desk.places.models import Claim
from desk.places.rules import ClaimKind
from desk.storage import migrate
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.storage.types import UtcDateTime
from desk.verify import verify
from tests.keys import KEYS
from tests.makers import NOW, TODAY, at, make_appointment, make_conversation, make_queue, make_service, make_slot
from tests.storage.test_migrated_cases import on

Row = tuple[int | None, int, datetime | None]


def _a_morning(session: WriteSession) -> dict[str, Any]:
    """Two slots: appointments on both, two chats that hold a place, an office's share, and an offer above the plan."""
    service = make_service(session)
    queue = make_queue(session, services=[service])
    full = make_slot(session, queue=queue, starts_at=at(TODAY + timedelta(days=1), hour=9), capacity=4)
    free = make_slot(session, queue=queue, starts_at=at(TODAY + timedelta(days=1), hour=10), capacity=6)
    for slot in (full, full, free):
        make_appointment(session, slot=slot, service=service)
    chats = [make_conversation(session) for _ in range(2)]
    hold(session, actor=Actor.chat(chats[0].id), slot_id=full.id, now=NOW)
    hold(session, actor=Actor.chat(chats[1].id), slot_id=free.id, now=NOW + timedelta(minutes=3))
    claim(session, kind=ClaimKind.SHARE, slot_ids=[free.id, free.id], holder=f"slot:{free.id}")
    claim(session, kind=ClaimKind.OFFER, slot_ids=[full.id], holder="waiting:1", expires_at=NOW + timedelta(hours=2))
    session.refresh(full)
    full.planned = 2
    session.flush()
    return {"full": full.id, "free": free.id, "chats": [chat.id for chat in chats]}


def _held(connection: Connection) -> list[Row]:
    holds = Table("holds", MetaData(), autoload_with=connection)
    holds.c.expires_at.type = UtcDateTime()
    return [
        (chat, slot, at)
        for chat, slot, at in connection.execute(
            select(holds.c.conversation_id, holds.c.slot_id, holds.c.expires_at).order_by(holds.c.conversation_id)
        )
    ]


def _claimed(session: Session) -> list[Row]:
    found = select(Claim.conversation_id, Claim.slot_id, Claim.expires_at).where(Claim.kind == ClaimKind.HOLD)
    return [(chat, slot, at) for chat, slot, at in session.execute(found.order_by(Claim.conversation_id))]


def _counts(session: Session) -> list[tuple[Any, ...]]:
    found = select(Slot.planned, Slot.capacity, Slot.remaining, Slot.is_open).order_by(Slot.id)
    return [tuple(row) for row in session.execute(found)]


async def test_places_held_are_held_after_it_and_what_holds_had_no_room_for_is_free_before_it(
    database_url: str,
) -> None:
    async with Storage(database_url, keys=KEYS) as storage:
        made = await storage.write(_a_morning)
        assert await storage.read(verify) == []
    held = [
        (made["chats"][0], made["full"], NOW + timedelta(minutes=10)),
        (made["chats"][1], made["free"], NOW + timedelta(minutes=13)),
    ]

    await asyncio.to_thread(migrate.downgrade, database_url, keys=KEYS, revision="0022")
    assert sorted(await on(database_url, _held)) == sorted(held)
    await asyncio.to_thread(migrate.upgrade, database_url, keys=KEYS)

    async with Storage(database_url, keys=KEYS) as storage:
        assert sorted(await storage.read(_claimed)) == sorted(held)
        # Two are booked and one is held above the two planned; of the six, one is booked and one held.
        assert await storage.read(_counts) == [(2, 3, 0, False), (6, 6, 4, True)]
        assert await storage.read(verify) == []
        assert await storage.write(release_expired, now=NOW + timedelta(hours=1)) == 2
        assert await storage.read(_counts) == [(2, 2, 0, False), (6, 6, 5, True)]
        assert len(await storage.read(lambda session: session.scalars(select(Appointment.id)).all())) == 3
        assert await storage.read(verify) == []
