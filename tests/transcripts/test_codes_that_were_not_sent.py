"""The code of a complaint under «nobody», which stands nowhere else, is shown again where its answer was not sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.receiving.jobs import forget_private
from desk.conversations.addresses import STATE, stored_state
from desk.conversations.models import Conversation
from desk.reading.folding import ascii_digits
from desk.storage.base import ReadSession, WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from emulator import Emulator
from mizban.jobs import Jobs
from tests.makers_cases import codes
from tests.transcripts.emulated import EmulatedStage, emulated
from tests.transcripts.script import Seen
from tests.transcripts.stage import Bot, Clock, language_of
from tests.transcripts.world import World

AGAIN = "This may not have reached you:"
WAY = (
    "📣 Complain",
    "👤 How to reach me",
    "Nobody contacts me",
    "Turns and brokers",
    "Turns are sold",
    "That is enough",
    "💬 Say what happened",
)
KINDS = pytest.mark.parametrize("kind", ["telegram", "bale"])


def told(seen: list[Seen]) -> list[str]:
    """The codes in what was said."""
    lines = (ascii_digits(line) for each in seen for line in each.text.split("\n"))
    return [line for line in lines if line.isdecimal() and len(line) == 12]


def states(session: ReadSession) -> str:
    """What the chats keep, for somebody who has the key."""
    rows = session.execute(select(Conversation.id, Conversation.state_sealed))
    return str([session.keys.open_sealed(sealed, column=STATE, row=id) for id, sealed in rows])


async def complain(stage: EmulatedStage, emulator: Emulator, *, fault: str) -> None:
    """A complaint under nobody, whose answer the messenger does not take."""
    world = World(stage.bot, stage, "en")
    await world.does("the usual desk")
    await world.does("a person who has been here before")
    await stage.say("/start")
    for label in WAY:
        await stage.press(label)
    await stage.say("A man takes money.")
    emulator.faults.add(fault, bot=stage.kind, method="send*", times=1)
    await stage.person.press("✅ Send it")
    assert told(await stage._news(expect=0)) == []


@KINDS
@pytest.mark.parametrize("fault", ["bad_request", "blocked"])
async def test_the_next_answer_shows_the_code_and_then_the_chat_forgets_it(
    kind: str, fault: str, storage: Storage, emulator: Emulator
) -> None:
    bot = Bot(storage, language_of("en"), Clock())
    async with emulated(bot, kind=kind, emulator=emulator) as stage:
        await complain(stage, emulator, fault=fault)
        assert "'owed_results'" in await storage.read(states)
        bot.clock.advance(timedelta(minutes=15))
        assert await Jobs(storage=storage, clock=bot.clock).run("hand_over_cases") == 1
        seen = await stage.say("/start")  # what somebody writes who got no answer
        assert AGAIN in "\n".join(each.text for each in seen)
        (code,) = (await storage.read(codes)).values()
        assert told(seen) == [code]
        assert code not in await storage.read(states)
        assert told(await stage.say("/start")) == []
        await stage.press("🔎 Follow up")
        assert "Turns are sold" in (await stage.say(code))[-1].text
        await stage.press("🏠 Main page")
        assert await storage.read(verify) == []


@KINDS
async def test_once_the_outbox_has_shown_it_nobody_who_takes_the_phone_is_shown_it(
    kind: str, storage: Storage, emulator: Emulator
) -> None:
    """The owner reads it and takes it out of the chat; somebody else then holds the phone, and presses."""
    bot = Bot(storage, language_of("en"), Clock())
    async with emulated(bot, kind=kind, emulator=emulator) as stage:
        await complain(stage, emulator, fault="bad_request")
        assert len(told(await stage.post())) == 1
        assert "'owed_results'" not in await storage.read(states)
        seen = await stage.say("/start")
        assert told(seen) == []
        assert AGAIN not in "\n".join(each.text for each in seen)
        assert await storage.read(verify) == []


@KINDS
async def test_no_code_is_lost_where_a_second_complaint_is_not_answered_either(
    kind: str, storage: Storage, emulator: Emulator
) -> None:
    """The messenger takes nothing for a while, and the person types the words of the buttons they know."""
    bot = Bot(storage, language_of("en"), Clock())
    async with emulated(bot, kind=kind, emulator=emulator) as stage:
        await complain(stage, emulator, fault="bad_request")
        emulator.faults.add("bad_request", bot=kind, method="send*")
        for words in ("menu", *WAY, "A man takes money again.", "✅ Send it"):
            await stage.person.say(words)
            assert await stage._news(expect=0) == []
        emulator.faults.clear()
        bot.clock.advance(timedelta(minutes=15))
        await Jobs(storage=storage, clock=bot.clock).run("hand_over_cases")
        seen = await stage.say("/start")
        both = (await storage.read(codes)).values()
        assert len(both) == 2
        assert sorted(told(seen)) == sorted(both)
        assert told(await stage.say("/start")) == []


@KINDS
async def test_a_code_that_an_earlier_version_kept_is_shown(kind: str, storage: Storage, emulator: Emulator) -> None:
    """It kept one result under another name."""
    bot = Bot(storage, language_of("en"), Clock())

    def as_it_was_stored(session: WriteSession) -> None:
        ((id, sealed),) = session.execute(select(Conversation.id, Conversation.state_sealed)).all()
        state = session.keys.open_sealed(sealed, column=STATE, row=id)
        (state["owed"],) = state.pop("owed_results")
        session.execute(update(Conversation).values(**stored_state(session.keys, state, id=id)))

    async with emulated(bot, kind=kind, emulator=emulator) as stage:
        await complain(stage, emulator, fault="blocked")
        await storage.write(as_it_was_stored)
        assert len(told(await stage.say("/start"))) == 1
        assert told(await stage.say("/start")) == []


@KINDS
async def test_after_a_day_nothing_shows_it(kind: str, storage: Storage, emulator: Emulator) -> None:
    bot = Bot(storage, language_of("en"), Clock())
    async with emulated(bot, kind=kind, emulator=emulator) as stage:
        await complain(stage, emulator, fault="bad_request")
        assert "'owed_results'" in await storage.read(states)
        bot.clock.advance(timedelta(hours=25))
        assert await storage.write(forget_private, now=bot.clock.now(), limit=9) == 1
        assert "'owed_results'" not in await storage.read(states)
        assert told(await stage.say("/start")) == []
