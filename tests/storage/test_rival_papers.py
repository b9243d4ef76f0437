"""Two clerks at once, each with an appointment of the same number: one stands and one falls, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text

from desk.acting import Actor
from desk.appointments.actions import Booked
from desk.appointments.contested import LiveOfNumber
from desk.appointments.models import Appointment
from desk.people.rules import DocumentKind
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.storage.upsert import table_of
from desk.verify import verify
from desk.visits import proving
from desk.visits.proving import ComparedPaper, prove
from desk.visits.refusals import NotRecordable
from tests.domain.booking_scene import WEEK, Scene
from tests.makers import acting, at, make_conversation, make_person, make_staff
from tests.storage.test_rivals import all_at_once, appointments, looks_free, writes
from tests.weak_hashes import digest

NUMBER = digest("987654321", kind=DocumentKind.AMAYESH, key=b"a key for tests of numbers, of 32")


def two_turns(session: WriteSession) -> dict[str, Any]:
    scene = Scene(session)
    scene.person = make_person(session, identity_hash=NUMBER.hash)
    other = Actor.chat(make_conversation(session, channel="bale").id)
    slots = scene.slot(), scene.slot(at(WEEK, hour=11))
    booked: list[Booked] = [scene.book(slots[0]), scene.book(slots[1], actor=other)]
    return {
        "slot_id": slots[0].id,
        "appointments": [each.appointment_id for each in booked],
        "clerks": [make_staff(session).id for _ in booked],
    }


async def proven(storage: Storage) -> list[Any]:
    world = await storage.write(two_turns)
    acts = [
        writes(storage, prove, appointment_id=appointment, identity=NUMBER, actor=acting(clerk), now=at(WEEK, hour=8))
        for appointment, clerk in zip(world["appointments"], world["clerks"], strict=True)
    ]
    return await all_at_once(storage, look=looks_free, looks={"slot_id": world["slot_id"]}, acts=acts)


async def test_of_two_papers_at_once_one_stands(storage: Storage) -> None:
    answers = await proven(storage)
    assert {type(each) for each in answers} == {NotRecordable, ComparedPaper}
    assert await storage.read(appointments) == 1
    assert await storage.read(verify) == []


@pytest.mark.postgres
async def test_the_twin_without_the_lock_lets_both_fall(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(session: WriteSession, *, person_id: int, service_id: int) -> list[LiveOfNumber]:
        c = table_of(Appointment).c
        columns = c["id", "day", "is_contested", "person_id", "conversation_id"]
        these = select(*columns).where(c.person_id == person_id, c.service_id == service_id)
        found = [LiveOfNumber(*row) for row in session.execute(these.where(c.is_live))]
        session.execute(text("SELECT pg_sleep(0.3)"))  # until the other has looked too
        return found

    monkeypatch.setattr(proving, "lock_live_of_number", look)
    answers = await proven(storage)
    assert {type(each) for each in answers} == {ComparedPaper}
    assert await storage.read(appointments) == 0
