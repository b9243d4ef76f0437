"""Long numbers written into free text are in no row of the database at any moment, not even with the key."""

from __future__ import annotations

import json
import re
from datetime import timedelta

from desk.reading.folding import ascii_digits
from desk.schema import metadata
from desk.storage.base import ReadSession
from desk.storage.engine import Storage
from tests.sealed import opened
from tests.transcripts.bare import BareStage
from tests.transcripts.stage import Bot, Clock, language_of
from tests.transcripts.world import World

PLANTED = ("98765432107", "87654321098", "6037991122334455", "76543210987", "65432109876", "09351234567", "54321098765")
THEIRS = "09121234567"
KEPT = (
    "the first question",
    "the weather is bad",
    "he asked for money",
    "behind the glass",
    "once more",
    "15000000",
)


def held(session: ReadSession) -> str:
    """Everything that somebody with the key reads, one value a line."""
    return "\n".join(
        json.dumps(str(value), ensure_ascii=False)
        for table in metadata().sorted_tables
        for row in session.execute(table.select()).mappings()
        for value in opened(session.keys, table.name, dict(row)).values()
    )


def of_them(told: str) -> set[str]:
    """Which of the planted numbers stand there, whatever stands between their digits."""
    values = [re.sub("[^0-9]", "", ascii_digits(value)) for value in told.split("\n")]
    return {number for number in PLANTED if any(number in value for value in values)}


async def test_no_planted_number_is_ever_in_the_database(storage: Storage) -> None:
    clock = Clock()
    bot = Bot(storage, language_of("en"), clock)
    phone = BareStage(bot)
    world = World(bot, phone, "en")
    await world.does("the usual desk")
    await world.does("a person who has been here before")
    seen = ""

    async def does(*acts: str) -> None:
        nonlocal seen
        for act in acts:
            clock.advance(timedelta(seconds=4))
            await (phone.press(act[1:-1]) if act.startswith("[") else phone.say(act))
            told = await storage.read(held)
            seen += told
            assert of_them(told) == set(), act

    await does("/start", "[💬 Ask the desk]", "[I don't know]", "the first question is 98765432107")
    await does("۸۷۶۵ ۴۳۲۱ ۰۹۸ for 15000000 toman", "[✅ Send it]")
    await does("/start", "the weather is bad 76543210987", "/start")
    begin = ("[📣 Complain]", "[Turns and brokers]", "[Turns are sold]", "[That is enough]", "[💬 Say what happened]")
    await does(*begin, "he asked for money on 6037-9911-2233-4455", "[My number]", "then call 0935 123 4567")
    await does("[Their number]", "0912 12", THEIRS, "[✅ Send it]")
    await does(
        "/start", "[📣 Complain]", "[How I was treated]", "[They were disrespectful]", "[I don't know]", "[today]"
    )
    await does("behind the glass 65432109876", "[✅ Send it]")
    await does("/start", "[🔎 Follow up]", "[💬 A question to the desk]", "[💬 Write more]")
    await does("once more 543 210 987 65", "[✅ Send it]")
    told = await storage.read(held)
    assert of_them(told) == set()
    assert [word for word in KEPT if word not in seen] == [], "what stands around the numbers is kept"
    assert THEIRS in told, "and so is the number of somebody else"
