"""«Erase my data» is no way to guess codes on and on, or to keep places for ever; and it leaves no way to the chat."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from desk.codes import CodeKind, TrackingCode
from desk.conversations.models import ChatCounter, Conversation
from desk.conversations.rules import MOST_MISSES, SPANS
from desk.places.models import Claim
from desk.storage.engine import Storage
from mizban.jobs import Jobs
from tests.transcripts.bare import BareStage
from tests.transcripts.stage import Bot, Clock, language_of
from tests.transcripts.world import World

pytestmark = pytest.mark.sqlite

ERASE = ("[⚙️ Settings]", "[Erase my data]", "[Go on]", "[Yes, erase it all]")
BEGIN = ("/start", "[Persian (Iran)]", "[✅ I understand]")
HOLD = ("[🗓 Turn]", "[Identity check]", "[Alborz]", "[Office 72-1102]", "[✅ This is good]")


async def does(stage: BareStage, *acts: str) -> str:
    """Press what stands in brackets, write the rest; the last that was said."""
    said = ""
    for act in acts:
        seen = await (stage.press(act[1:-1]) if act.startswith("[") else stage.say(act))
        said = seen[-1].text
    return said


async def stage_of(storage: Storage) -> BareStage:
    bot = Bot(storage, language_of("en"), Clock())
    stage = BareStage(bot)
    world = World(bot, stage, "en")
    await world.does("the usual desk")
    await world.does("a person who has been here before")
    await stage.say("/start")
    return stage


async def count(storage: Storage, model: type) -> int:
    def ask(session: Session) -> int:
        return session.scalar(select(func.count()).select_from(model)) or 0

    return await storage.read(ask)


async def test_codes_rest_for_who_erases_and_comes_again(storage: Storage) -> None:
    stage = await stage_of(storage)
    said = await does(stage, "[🔎 Follow up]", *(TrackingCode.make(CodeKind.CASE).digits for _ in range(MOST_MISSES)))
    assert "Write the digits of the code." not in said
    assert "Only a few counts without a name stay" in await does(stage, "/menu", *ERASE)
    assert await count(storage, Conversation) == 0
    assert await does(stage, *BEGIN, "[🔎 Follow up]") == said
    stage.bot.clock.advance(timedelta(hours=25))
    assert "Write the digits of the code." in await does(stage, "/menu", "[🔎 Follow up]")


async def test_a_place_cannot_be_kept_for_ever_by_erasing_in_between(storage: Storage) -> None:
    stage = await stage_of(storage)
    await does(stage, *HOLD)
    assert await count(storage, Claim) == 1
    for _ in range(3):
        stage.bot.clock.advance(timedelta(minutes=9))
        await does(stage, "/menu", *ERASE, *BEGIN, *HOLD)
    assert await count(storage, Claim) == 1
    stage.bot.clock.advance(timedelta(minutes=9))
    await does(stage, "/menu", *ERASE, *BEGIN, *HOLD)
    assert await count(storage, Claim) == 0  # 36 minutes after the first


async def test_what_outlives_it_leads_to_no_chat_and_goes_when_its_limit_is_over(storage: Storage) -> None:
    stage = await stage_of(storage)
    await does(stage, *HOLD, "/menu", *ERASE)
    rows = await storage.read(lambda session: session.execute(text("SELECT * FROM chat_counters")).all())
    assert rows
    assert stage.address.chat not in str(rows)
    stage.bot.clock.advance(max(SPANS.values()))
    assert await Jobs(storage=storage, clock=stage.bot.clock).run("forget_counters") == len(rows)
    assert await count(storage, ChatCounter) == 0


async def test_whoever_has_met_no_bound_leaves_nothing(storage: Storage) -> None:
    stage = await stage_of(storage)
    await does(stage, *HOLD, "/menu")
    stage.bot.clock.advance(timedelta(hours=25))
    assert "a mark" not in await does(stage, "/menu", *ERASE)
    assert await count(storage, ChatCounter) == 0
