"""What somebody began to tell and never sent does not lie in the database for ever."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from desk.cases.models import Case
from desk.conversations.models import Conversation
from desk.periods import USUAL_PERIODS
from desk.storage.base import ReadSession
from desk.storage.engine import Storage
from mizban.jobs import Jobs
from tests.makers_chats import state_of_chat
from tests.transcripts.bare import BareStage
from tests.transcripts.stage import Bot, Clock, language_of
from tests.transcripts.world import World

STORY = "They took my paper and Parwin saw it."


def state_of(session: ReadSession) -> dict[str, object]:
    state: dict[str, object] = state_of_chat(session, session.scalars(select(Conversation)).one())
    return state


async def test_a_complaint_that_was_begun_and_left_is_forgotten_and_nothing_is_filed_by_its_old_button(
    storage: Storage,
) -> None:
    stage = BareStage(Bot(storage, language_of("en"), Clock()))
    world = World(stage.bot, stage, "en")
    await world.does("the usual desk")
    await world.does("a person who has been here before")
    await stage.say("/start")
    await stage.press("💬 Ask the desk")
    await stage.press("I don't know")
    await stage.say(STORY)
    assert STORY in str(await storage.read(state_of))
    jobs = Jobs(storage=storage, clock=stage.bot.clock)

    stage.bot.clock.advance(timedelta(hours=22))
    assert await jobs.run("forget_private") == 0
    run = (await storage.read(state_of))["run"]
    stage.bot.clock.advance(timedelta(hours=2))
    assert await jobs.run("forget_private") == 1
    state = await storage.read(state_of)
    assert "Parwin" not in str(state)
    assert state["run"] == run  # else the keys of what is filed next would be those of what was filed before
    assert await jobs.run("forget_private") == 0

    again = await stage.press("✅ Send it")
    assert "What would you like to do?" in again[-1].text
    assert await storage.read(lambda session: session.scalars(select(Case.id)).all()) == []


async def test_a_turn_that_was_begun_and_left_is_forgotten(storage: Storage) -> None:
    stage = BareStage(Bot(storage, language_of("en"), Clock()))
    world = World(stage.bot, stage, "en")
    await world.does("the usual desk")
    await world.does("a person who has been here before")
    await stage.say("/start")
    await stage.press("🗓 Turn")
    await stage.press("Identity check")
    assert "draft" in await storage.read(state_of)
    jobs = Jobs(storage=storage, clock=stage.bot.clock)
    stage.bot.clock.advance(USUAL_PERIODS.unfinished)
    assert await jobs.run("forget_answers") == 0
    stage.bot.clock.advance(timedelta(hours=1))  # the hour of the last message is known
    assert await jobs.run("forget_answers") == 1
    assert "draft" not in await storage.read(state_of)
