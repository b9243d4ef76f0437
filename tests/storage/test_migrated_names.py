"""Names, last characters and notes of before are encrypted by the migration and read as they were."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import Connection, select

from desk.appointments.queries import appointment_by_id
from desk.people.models import Person
from desk.people.queries import known
from desk.storage import migrate
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.visits.models import Visit
from desk.visits.queries import day_list
from desk.visits.stored import stored_note
from tests.keys import KEYS
from tests.makers import make_appointment, make_conversation, make_person
from tests.storage.test_migrated_addresses import bytes_of
from tests.storage.test_migrated_cases import on

BEFORE = "0034"
SAID = ("Golagha-of-before", "Pari-of-before", "Z7Q4", "came-without-paper-of-before")


def visited(session: WriteSession) -> dict[str, Any]:
    name, nickname, last4, note = SAID
    chat = make_conversation(session)
    person = make_person(session, conversation=chat, name=name, nickname=nickname, last4=last4)
    appointment = make_appointment(session, person=person, conversation=chat, person_name=name)
    note_sealed = stored_note(session.keys, note, appointment_id=appointment.id)
    session.add(Visit(appointment_id=appointment.id, note_sealed=note_sealed))
    # Of an erased person: nothing to encrypt.
    make_appointment(session).name_sealed = None
    return {"chat": chat.id, "appointment": appointment.id, "office": appointment.office_id, "day": appointment.day}


def in_clear(connection: Connection) -> tuple[Any, ...]:
    asked = (
        "SELECT k.name, k.nickname, p.identity_last4, v.note, a.person_name FROM known_persons k"
        " JOIN persons p ON p.id = k.person_id JOIN appointments a ON a.person_id = p.id"
        " JOIN visits v ON v.appointment_id = a.id"
    )
    return tuple(connection.exec_driver_sql(asked).one())


async def test_names_of_before_are_encrypted_and_read(database_url: str) -> None:
    async with Storage(database_url, keys=KEYS) as storage:
        made = await storage.write(visited)
    await asyncio.to_thread(migrate.downgrade, database_url, keys=KEYS, revision=BEFORE)
    assert await on(database_url, in_clear) == (*SAID, SAID[0])
    if database_url.startswith("sqlite"):
        assert all(each.encode() in bytes_of(database_url) for each in SAID)
    await asyncio.to_thread(migrate.upgrade, database_url, keys=KEYS)
    if database_url.startswith("sqlite"):
        assert not any(each.encode() in bytes_of(database_url) for each in SAID)
    async with Storage(database_url, keys=KEYS) as storage:
        (person,) = await storage.read(known, conversation_id=made["chat"])
        assert (person.name, person.nickname, person.identity_last4) == SAID[:3]
        row = await storage.read(appointment_by_id, appointment_id=made["appointment"])
        assert row is not None
        assert (row.person_name, row.identity_last4) == (SAID[0], SAID[2])
        (listed,) = await storage.read(day_list, office_id=made["office"], day=made["day"])
        assert (listed.person_name, listed.identity_last4, listed.note) == (SAID[0], SAID[2], SAID[3])
        assert await storage.read(lambda session: len(session.scalars(select(Person)).all())) == 2
