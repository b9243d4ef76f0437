"""A text longer than one message, as the apps of both messengers send it: filed whole, and seen before it is filed."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from desk.cases.models import CaseEntry
from desk.cases.rules import EntryKind
from desk.storage.engine import Storage
from emulator import Emulator
from emulator.cutting import cut
from tests.makers_cases import texts
from tests.transcripts.bare import BareStage
from tests.transcripts.emulated import emulated
from tests.transcripts.stage import Bot, Clock, Stage, language_of
from tests.transcripts.world import World

pytestmark = pytest.mark.sqlite

STORY = " ".join(f"word{number}" for number in range(530)) + " and this is the very end"
assert len(cut(STORY)) == 2


@pytest.fixture(params=["bare", "telegram", "bale"])
async def stage(request: pytest.FixtureRequest, storage: Storage, emulator: Emulator) -> AsyncIterator[Stage]:
    bot = Bot(storage, language_of("en"), Clock())
    if request.param == "bare":
        bare = BareStage(bot)
        await _set(bot, bare)
        yield bare
        return
    async with emulated(bot, kind=request.param, emulator=emulator) as stage:
        await _set(bot, stage)
        yield stage


async def _set(bot: Bot, stage: Stage) -> None:
    world = World(bot, stage, "en")
    await world.does("the usual desk")
    await world.does("a person who has been here before")
    await stage.say("/start")


async def write(stage: Stage, words: str) -> str:
    """Write it as an app does; the last screen."""
    if isinstance(stage, BareStage):
        seen = [await stage.say(piece) for piece in cut(words)][-1]
    else:
        seen = await stage.say(words)
    return seen[-1].text


async def filed(storage: Storage) -> list[str | None]:
    return await storage.read(texts, CaseEntry.kind == EntryKind.SAID)


async def test_a_question_is_filed_whole(stage: Stage, storage: Storage) -> None:
    await stage.press("💬 Ask the desk")
    await stage.press("I don't know")
    look = await write(stage, STORY)
    assert "the very end" in look
    assert "word0" in look
    assert await filed(storage) == []
    await stage.press("✅ Send it")
    assert await filed(storage) == [STORY]


async def test_what_is_added_to_a_case_is_filed_whole(stage: Stage, storage: Storage) -> None:
    await stage.press("💬 Ask the desk")
    await stage.press("I don't know")
    await write(stage, "Are you open?")
    await stage.press("✅ Send it")
    await stage.press("🔎 See it")
    await stage.press("💬 Write more")
    assert "the very end" in await write(stage, STORY)
    await stage.press("✅ Send it")
    assert await filed(storage) == ["Are you open?", STORY]


async def test_the_rest_of_a_complaint_is_no_answer_to_the_next_question(stage: Stage, storage: Storage) -> None:
    await stage.press("📣 Complain")
    await stage.press("Turns and brokers")
    await stage.press("A clerk helps brokers")
    for _ in range(6):
        await stage.press("I don't know")
    assert "the very end" in await write(stage, STORY)
    await stage.press("✅ Send it")
    assert await filed(storage) == [STORY]


@pytest.mark.parametrize("passed", range(3, 6))
async def test_a_story_told_at_a_question_of_facts_stays_whole(stage: Stage, storage: Storage, passed: int) -> None:
    await stage.press("📣 Complain")
    await stage.press("Turns and brokers")
    await stage.press("A clerk helps brokers")
    for _ in range(passed):
        await stage.press("I don't know")
    assert "the very end" in await write(stage, STORY)
    await stage.press("✅ Send it")
    assert await filed(storage) == [STORY]


async def test_what_does_not_fit_is_said_and_nothing_else_is_lost(stage: Stage, storage: Storage) -> None:
    await stage.press("💬 Ask the desk")
    await stage.press("I don't know")
    await write(stage, STORY)
    told = await write(stage, "x" * 4000)
    assert "At most" in told
    await stage.press("✅ Send it")
    assert await filed(storage) == [STORY]
