"""Somebody presses any button that is there, or writes rubbish: always an answer within the measure, never a fault,
never lost."""

from __future__ import annotations

import random

import pytest

from bot.dialogue import phrases
from desk.language.text import Locale
from desk.storage.engine import Storage
from tests.transcripts.bare import BareStage
from tests.transcripts.measure import faults
from tests.transcripts.script import Seen
from tests.transcripts.stage import Bot, Clock, language_of
from tests.transcripts.world import World

RUBBISH = (
    "۷",
    "3",
    "٥",
    "شنبه",
    "xyz",
    "…",
    "?",
    "back",
    "۹:۳۰",
    "987654321",
    "Gol Agha",
    "<b>&",
    "tehran",
    "💬",
    "/help",
    "",
)
"""Things people write, some of which are an answer somewhere."""
LINKS = ("/start", "/start s_identity", "/start o_72-1103", "/start b_renewal", "/start c", "/start c_BROKER")
SENT = ("photo", "voice", "sticker", "contact")
STEPS = 45


@pytest.mark.sqlite
@pytest.mark.parametrize("seed", range(12))
async def test_a_walk_never_ends_in_silence_or_a_fault(seed: int, storage: Storage) -> None:
    chance = random.Random(seed)  # noqa: S311  # a walk that can be repeated
    bot = Bot(storage, language_of("en"), Clock())
    stage = BareStage(bot)
    world = World(bot, stage, "en")
    await world.does("the usual desk")
    trouble = bot.language.plain(phrases.OUR_TROUBLE, Locale.FA)
    way: list[str] = []
    await stage.say("/start")
    for _ in range(STEPS):
        act, seen = await _step(stage, chance)
        way.append(act)
        assert seen, f"silence after {way}"
        assert all(trouble not in each.text for each in seen), f"a fault of ours after {way}"
        await stage.post()
    seen = await stage.say("menu")
    labels = [label for each in seen for row in each.rows for label in row]
    assert "🗓 Turn" in labels or "✅ I understand" in labels or "Persian (Iran)" in labels, way
    too_much = {fault for says in stage.said for fault in faults(says)}
    assert not too_much, way


async def _step(stage: BareStage, chance: random.Random) -> tuple[str, list[Seen]]:
    """One thing at random, buttons mostly; what was done and what was seen."""
    labels = [label for message in list(stage.messages.values())[-3:] for label in message.buttons]
    luck = chance.random()
    if labels and luck < 0.75:
        label = chance.choice(labels)
        return f"[{label}]", await stage.press(label, times=chance.choice((1, 1, 1, 2)))
    if luck < 0.9:
        text = chance.choice(RUBBISH)
        return text, await stage.say(text)
    if luck < 0.95:
        link = chance.choice(LINKS)
        return link, await stage.say(link)
    kind = chance.choice(SENT)
    return kind, await stage.send(kind)
