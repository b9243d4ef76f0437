"""Many messages of one chat at once, in several processes: it gets as many turns and people as it may, and no more."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from desk.acting import Actor
from desk.appointments import booking
from desk.appointments.actions import Booked, book
from desk.appointments.refusals import TooManyAppointments
from desk.conversations.rules import USUAL
from desk.people.actions import remember
from desk.people.refusals import TooManyNewPeople
from desk.people.rules import DocumentKind
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from tests.makers import NOW, make_conversation
from tests.storage.test_rivals import all_at_once, appointments, arena, looks_free, writes
from tests.storage.test_rivals import booking as of_rival
from tests.weak_hashes import digest

MANY = 12


def one_chat(session: WriteSession) -> dict[str, Any]:
    """One slot with room for all, and one chat with many people."""
    world = arena(session, places=MANY, rivals=MANY)
    return world | {"chats": [make_conversation(session).id] * MANY}


async def pressed(storage: Storage) -> Counter[type]:
    world = await storage.write(one_chat)
    acts = [writes(storage, book, **of_rival(world, rival=number)) for number in range(MANY)]
    answers = await all_at_once(storage, look=looks_free, looks={"slot_id": world["slot_id"]}, acts=acts)
    return Counter(type(answer) for answer in answers)


async def test_twelve_bookings_of_one_chat_at_once_are_six(storage: Storage) -> None:
    most = USUAL.live_appointments
    assert await pressed(storage) == {Booked: most, TooManyAppointments: MANY - most}
    assert await storage.read(appointments) == most
    assert await storage.read(verify) == []


@pytest.mark.postgres
async def test_the_twin_without_the_lock_gets_more(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(booking, "lock_chat", lambda _session, **_chat: None)
    assert (await pressed(storage))[Booked] > USUAL.live_appointments


async def test_twelve_new_people_at_once_are_five(storage: Storage) -> None:
    chat = await storage.write(lambda session: make_conversation(session).id)

    def add(session: WriteSession, number: int) -> object:
        identity = digest(f"9900{number:02}", kind=DocumentKind.PASSPORT, key=b"k" * 32)
        named: dict[str, Any] = {"name": "گل‌آقا", "nickname": None, "document_kind": DocumentKind.PASSPORT}
        return remember(session, actor=Actor.chat(chat), identity=identity, **named, now=NOW)

    answers = await asyncio.gather(*(storage.write(add, number) for number in range(MANY)), return_exceptions=True)
    refused = sum(isinstance(answer, TooManyNewPeople) for answer in answers)
    assert refused == MANY - USUAL.new_people
