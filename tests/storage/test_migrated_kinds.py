"""The kind of paper of before stays with the chat that said it, and what another said of the number is not its own."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import Connection

from desk.people.models import KnownPerson
from desk.people.queries import known
from desk.people.rules import DocumentKind
from desk.people.stored import stored_names
from desk.storage import migrate
from desk.storage.base import WriteSession
from desk.storage.encryption import random_id
from desk.storage.engine import Storage
from tests.keys import KEYS
from tests.makers import NOW, make_appointment, make_conversation, make_person
from tests.storage.test_migrated_cases import on

BEFORE = "0050"


def named_twice(session: WriteSession) -> dict[str, Any]:
    """A chat that booked, another that named the same number since, and a third whose person nobody else names."""
    first, second, alone = (make_conversation(session) for _ in range(3))
    person = make_person(session, conversation=first)
    make_appointment(session, person=person, conversation=first)
    id = random_id()
    names = stored_names(session.keys, id=id, name="ر", nickname="ر")
    said = {"document_kind": DocumentKind.PASSPORT, "created_at": NOW, "used_at": NOW}
    session.add(KnownPerson(id=id, conversation_id=second.id, person_id=person.id, **names, **said))
    make_appointment(session, person=make_person(session, conversation=alone), conversation=alone)
    return {"chats": [first.id, second.id, alone.id]}


def as_it_was(connection: Connection) -> None:
    """Before, what the last chat said was everybody's."""
    connection.exec_driver_sql("UPDATE persons SET document_kind = 'passport'")


async def test_what_each_chat_said_of_a_paper_stays_its_own(database_url: str) -> None:
    async with Storage(database_url, keys=KEYS) as storage:
        made = await storage.write(named_twice)
    await asyncio.to_thread(migrate.downgrade, database_url, keys=KEYS, revision=BEFORE)
    await on(database_url, as_it_was)
    await asyncio.to_thread(migrate.upgrade, database_url, keys=KEYS)
    async with Storage(database_url, keys=KEYS) as storage:
        kinds = [(await storage.read(known, conversation_id=chat))[0].document_kind for chat in made["chats"]]
    # The third changed its own after it had booked.
    assert kinds == [DocumentKind.AMAYESH, DocumentKind.PASSPORT, DocumentKind.PASSPORT]
