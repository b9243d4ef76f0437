"""What was said in cases of before is encrypted by the migration, read as it was, and found by its words."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import Connection

from desk.acting import SYSTEM
from desk.cases import actions
from desk.cases.changes import add_entry
from desk.cases.inbox import CaseFilter, inbox
from desk.cases.queries import draft, thread
from desk.cases.rules import Contact, EntryKind
from desk.organisation import EVERYWHERE
from desk.staff.permissions import Role
from desk.storage import migrate
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from tests.keys import KEYS
from tests.makers import NOW, acting, by_staff, make_office, make_staff
from tests.makers_cases import file_complaint
from tests.storage.test_migrated_addresses import bytes_of
from tests.storage.test_migrated_cases import on

BEFORE = "0041"
SAID = ("Golagha-of-before", "the-electrician-of-before", "voice-file-of-before", "draft-of-before", "+989121234567")


def told(session: WriteSession) -> dict[str, Any]:
    name, text, voice, reply, safe = SAID
    office = make_office(session)
    officer = make_staff(session, role=Role.PROVINCE_OFFICER, province_code=office.province_code).id
    held = {"channel": "telegram", "bot": "mizban", "file_id": voice, "seconds": 4}
    case = file_complaint(
        session,
        office=office,
        name=name,
        text=text,
        category="VIOLENCE",
        facts={"safe": "no", "may_call": "yes", "caller": "woman", "phone": safe},
    ).case_id
    add_entry(session, case_id=case, kind=EntryKind.SAID, voice=held, actor=SYSTEM, now=NOW)
    by_staff(actions.keep_draft)(session, case_id=case, staff_id=officer, text=reply, now=NOW)
    nobody = file_complaint(session, office=office, text=text, contact=Contact.NOBODY, category="VIOLENCE").case_id
    return {"case": case, "nobody": nobody, "officer": officer}


def in_clear(connection: Connection) -> str:
    rows = [
        *connection.exec_driver_sql("SELECT c.name, c.name_words, c.facts FROM cases c"),
        *connection.exec_driver_sql("SELECT text, voice FROM case_entries"),
        *connection.exec_driver_sql("SELECT text FROM case_drafts"),
        *connection.exec_driver_sql("SELECT word FROM case_words"),
    ]
    return repr([tuple(row) for row in rows])


async def test_what_was_said_before_is_encrypted_read_and_found(database_url: str) -> None:
    async with Storage(database_url, keys=KEYS) as storage:
        made = await storage.write(told)
        was = await storage.read(thread, case_id=made["case"], for_staff=True, scope=EVERYWHERE)
    await asyncio.to_thread(migrate.downgrade, database_url, keys=KEYS, revision=BEFORE)
    clear = await on(database_url, in_clear)
    assert [each for each in SAID if each not in clear] == []
    await asyncio.to_thread(migrate.upgrade, database_url, keys=KEYS)
    if database_url.startswith("sqlite"):
        assert not any(each.encode() in bytes_of(database_url) for each in SAID)
    async with Storage(database_url, keys=KEYS) as storage:
        assert await storage.read(thread, case_id=made["case"], for_staff=True, scope=EVERYWHERE) == was
        for typed in ("electrician", "Golagha", "golagha of before"):
            page = await storage.read(inbox, scope=EVERYWHERE, wanted=CaseFilter(words=typed), now=NOW)
            assert [row.id for row in page.rows] == [made["case"]], typed
        kept = await storage.read(draft, case_id=made["case"], actor=acting(made["officer"]))
        assert kept is not None
        assert kept.text == SAID[3]
        assert await storage.read(verify) == []
