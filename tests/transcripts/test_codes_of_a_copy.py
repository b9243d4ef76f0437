"""Nothing that can be read in a copy without the key opens a case or an appointment for a stranger in a chat."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.dialogue.heard import Address
from desk.cases import actions
from desk.cases.rules import Contact
from desk.codes import TrackingCode, is_well_formed
from desk.schema import metadata
from desk.staff.permissions import Role
from desk.storage.base import ReadSession, WriteSession
from desk.storage.engine import Storage
from tests.makers import NOW, by_staff, make_appointment, make_conversation, make_staff
from tests.makers_cases import ask_question, codes, file_complaint
from tests.transcripts.bare import BareStage
from tests.transcripts.stage import Bot, Clock, language_of
from tests.transcripts.world import World

REPLY = "The desk has looked at it."
NAME = "رحیمی"
"""In the name on the appointment."""
DIGITS = re.compile(r"\d{9,12}")
NOT_HERE = "I don't find this code here."
OF_NOTHING = "⛔ No turn has this code."
"""Nine digits that look like a code by chance."""
OF_A_TURN = "✅ This turn counts.\n\n"
"""Then service, day and office, which the copy tells as well; whose it is, nobody reads there."""


def fill(session: WriteSession) -> tuple[int, ...]:
    """Answered cases of every contact, one with nine digits, and an appointment; the ids of the cases."""
    chat = make_conversation(session)
    make_appointment(session, conversation=chat, person_name=f"گل‌آقا {NAME}")
    member = make_staff(session, role=Role.ADMINISTRATOR).id
    cases = [file_complaint(session, conversation=chat, contact=contact).case_id for contact in Contact]
    cases.append(file_complaint(session, code=TrackingCode("893080597")).case_id)
    cases.append(ask_question(session).case_id)
    for case in cases:
        by_staff(actions.reply)(session, case_id=case, staff_id=member, text=REPLY, now=NOW)
    return tuple(cases)


def readable(session: ReadSession) -> set[str]:
    """Every well-formed code that stands in any row of any table, in whatever it is readable without the key."""
    rows = (row for table in metadata().tables for row in session.execute(text(f'SELECT * FROM "{table}"')))
    told = " ".join(
        value.decode("latin-1") if isinstance(value, bytes) else str(value) for row in rows for value in row
    )
    return {digits for digits in DIGITS.findall(told) if is_well_formed(digits)}


class Thief:
    """Somebody with as many chats as there are codes, so that no limit of one chat holds."""

    def __init__(self, storage: Storage) -> None:
        self.bot = Bot(storage, language_of("en"), Clock())
        self.chats = 0

    async def types(self, code: str) -> str:
        """What the bot shows a new chat for a code."""
        self.chats += 1
        phone = BareStage(self.bot, Address("bare", "mizban", f"66{self.chats:05}"), updates=1000 * self.chats)
        await World(self.bot, phone, "en").does("a person who has been here before")
        self.bot.clock.advance(timedelta(minutes=2))
        await phone.say("/start")
        await phone.press("🔎 Follow up")
        return (await phone.say(code))[-1].text


@pytest.fixture
def thief(storage: Storage) -> Thief:
    return Thief(storage)


async def test_no_code_that_a_copy_tells_opens_anything_in_a_chat(storage: Storage, thief: Thief) -> None:
    cases = await storage.write(fill)
    found = await storage.read(readable)
    assert found, "the code of the appointment stands there"
    shown = {await thief.types(code) for code in sorted(found)}
    assert {each for each in shown if not each.startswith((NOT_HERE, OF_NOTHING, OF_A_TURN))} == set()
    assert not any(NAME in each for each in shown)
    # With the key they are read, and then they open: the test would see it.
    known = await storage.read(codes)
    assert known.keys() == set(cases)
    assert found & set(known.values()) == set()
    for code in known.values():
        assert REPLY in await thief.types(code)
