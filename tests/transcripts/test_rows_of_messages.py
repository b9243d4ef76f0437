"""Many messages of one chat at once: the last that asks for an answer gets one, whatever silent ones follow it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from desk.storage.engine import Storage
from emulator import Emulator
from tests.transcripts.emulated import EmulatedStage, emulated
from tests.transcripts.stage import Bot, Clock, language_of
from tests.transcripts.world import World


@asynccontextmanager
async def at_the_main_page(kind: str, storage: Storage, emulator: Emulator) -> AsyncIterator[EmulatedStage]:
    bot = Bot(storage, language_of("en"), Clock())
    async with emulated(bot, kind=kind, emulator=emulator) as stage:
        world = World(bot, stage, "en")
        await world.does("the usual desk")
        await world.does("a person who has been here before")
        await stage.say("/start")
        yield stage


@pytest.mark.sqlite
@pytest.mark.parametrize("kind", ["telegram", "bale"])
async def test_notes_of_the_messenger_behind_a_word_do_not_swallow_its_answer(
    kind: str, storage: Storage, emulator: Emulator
) -> None:
    async with at_the_main_page(kind, storage, emulator) as stage:
        await stage.press("🔎 Follow up")
        for _ in range(6):
            await stage.person.say("/start")
        for _ in range(12):
            await stage.person.note("pinned_message", {"message_id": 1})
        seen = await stage._news()
    assert "What would you like to do?" in seen[-1].text


@pytest.mark.sqlite
@pytest.mark.parametrize("kind", ["telegram", "bale"])
async def test_many_taps_at_once_lead_to_the_screen_that_the_first_asked_for(
    kind: str, storage: Storage, emulator: Emulator
) -> None:
    async with at_the_main_page(kind, storage, emulator) as stage:
        await stage.press("🔎 Follow up", times=8)
        screen = stage.person.screen
    assert "code" in screen.plain
    assert "What would you like to do?" not in screen.plain
    assert len([shown for shown in screen.messages if not shown.mine and shown.rows]) == 1
