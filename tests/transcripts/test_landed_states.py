"""Words that a person was writing when the bot was updated are kept: in their place, or offered again.

`landed_states.json` holds states of chats as the version stored them that had no blocks in its drafts, one for each
step at which a complaint, a question or an addition was half written, with the chat that led there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.dialogue import phrases
from bot.dialogue.chat_state import ChatState
from bot.dialogue.drafts import Shape
from bot.dialogue.own_words import found_in, text_of, voice_of
from bot.flows.offices.find_office import OfficeDraft, read_forward
from bot.flows.registry import FLOWS
from desk.cases.models import CaseEntry
from desk.cases.stored import read_text, read_voice
from desk.conversations.addresses import stored_state
from desk.conversations.models import Conversation
from desk.storage.base import ReadSession, WriteSession
from desk.storage.engine import Storage
from tests.keys import KEYS
from tests.makers_chats import state_of_chat
from tests.transcripts import case_world
from tests.transcripts.bare import BareStage
from tests.transcripts.stage import Bot, Clock, language_of
from tests.transcripts.world import World

LINES_OF_CASES = case_world
"""Imported for the lines that it registers."""

LANDED: list[dict[str, Any]] = json.loads(Path(__file__).with_name("landed_states.json").read_text(encoding="utf-8"))
every_state = pytest.mark.parametrize(
    "state", [each["state"] for each in LANDED], ids=[f"{each['chat']}@{each['state']['step']}" for each in LANDED]
)
LAST_LOOKS = ("summary", "look")
SEND, TAKE_IT = "✅ Send it", "✅ Use this"


def words_in(stored: Any) -> tuple[str | None, object]:
    """The text and the voice told in a state, wherever they are."""
    told = found_in(stored)
    return text_of(told), voice_of(told)


def state_of(session: ReadSession) -> dict[str, Any]:
    state: dict[str, Any] = state_of_chat(session, session.scalars(select(Conversation)).one())
    return state


async def chat_in(storage: Storage, state: dict[str, Any]) -> BareStage:
    """A chat of an earlier version in this state, with the desk as its chat found it."""

    def stored(session: WriteSession) -> None:
        (id,) = session.scalars(select(Conversation.id))
        session.execute(update(Conversation).values(**stored_state(session.keys, state, id=id)))

    stage = BareStage(Bot(storage, language_of("en"), Clock()))
    world = World(stage.bot, stage, "en")
    await world.does("the usual desk")
    await world.does("a person who has been here before")
    await stage.say("/start")
    await storage.write(stored)
    return stage


async def told_to_the_desk(storage: Storage) -> list[tuple[str | None, Any]]:
    def entries(session: ReadSession) -> list[tuple[str | None, Any]]:
        return [
            (read_text(KEYS, row.text_sealed, id=row.id), read_voice(KEYS, row.voice_sealed, id=row.id))
            for row in session.scalars(select(CaseEntry))
        ]

    return await storage.read(entries)


@every_state
def test_the_draft_of_the_version_before_still_fits(state: dict[str, Any]) -> None:
    loaded = ChatState.load(state)
    flow = FLOWS[loaded.flow]
    assert loaded.step in flow.by_name
    assert words_in(flow.shape.dump(flow.shape.load(loaded.draft))) == words_in(state["draft"])


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "state",
    [
        each["state"]
        for each in LANDED
        if each["state"]["step"] in ("summary", "look") and each["state"]["flow"] != "follow"
    ],
)
async def test_a_complaint_or_question_begun_before_is_sent(state: dict[str, Any], storage: Storage) -> None:
    stage = await chat_in(storage, state)
    await stage.send("sticker")
    await stage.press(SEND)
    text, voice = words_in(state["draft"])
    assert [entry[0] for entry in await told_to_the_desk(storage)] == [text]
    assert bool(voice) == any(entry[1] for entry in await told_to_the_desk(storage))


@pytest.mark.sqlite
@every_state
@pytest.mark.parametrize("change", ["a field is gone", "the step is gone"])
async def test_where_the_shape_no_longer_fits_the_words_are_kept_and_that_is_said(
    state: dict[str, Any], change: str, storage: Storage
) -> None:
    broken = (
        {**state, "draft": {**state["draft"], "milk": 1}} if change == "a field is gone" else {**state, "step": "x"}
    )
    stage = await chat_in(storage, broken)
    seen = await stage.send("sticker")
    assert str(phrases.WORDS_ARE_KEPT.id) in seen[-1].text
    assert words_in((await storage.read(state_of))["unsent"]) == words_in(state["draft"])
    await stage.say("menu")
    assert words_in((await storage.read(state_of))["unsent"]) == words_in(state["draft"])


@pytest.mark.sqlite
async def test_a_question_is_offered_again_where_it_is_asked_for(storage: Storage) -> None:
    state = next(each["state"] for each in LANDED if each["state"]["flow"] == "ask")
    stage = await chat_in(storage, {**state, "step": "x"})
    text, _voice = words_in(state["draft"])
    assert text
    await stage.send("sticker")
    seen = await stage.press("I don't know")
    assert text in seen[-1].text
    seen = await stage.press(TAKE_IT)
    assert text in seen[-1].text
    await stage.press(SEND)
    assert [entry[0] for entry in await told_to_the_desk(storage)] == [text]
    assert "unsent" not in await storage.read(state_of)


@pytest.mark.sqlite
async def test_a_complaint_is_offered_again_at_its_last_look_too(storage: Storage) -> None:
    state = next(each["state"] for each in LANDED if each["state"]["draft"].get("category") == "KEPT_DOC")
    text, _voice = words_in(state["draft"])
    assert text
    stage = await chat_in(storage, {**state, "step": "x"})
    await stage.send("sticker")
    await stage.press("Money and receipt")
    await stage.say("1")
    seen = await stage.press("That is enough")
    assert text in seen[-1].text
    await stage.say("And they laughed.")
    await stage.press(TAKE_IT)
    await stage.press(SEND)
    told = [entry[0] or "" for entry in await told_to_the_desk(storage)]
    assert len(told) == 1
    assert text in told[0]
    assert "And they laughed." in told[0]


@pytest.mark.sqlite
async def test_an_objection_is_offered_again_in_its_case(storage: Storage) -> None:
    state = next(each["state"] for each in LANDED if each["state"]["flow"] == "follow")
    text, _voice = words_in(state["draft"])
    assert text
    stage = await chat_in(storage, {**state, "step": "x"})
    world = World(stage.bot, stage, "en")
    await world.does("somebody complained of «DISRESPECT» in 72-1102 under nobody, with the code 612687100")
    seen = await stage.send("sticker")
    assert str(phrases.WORDS_ARE_KEPT.id) in seen[-1].text
    await stage.say("612687100")
    seen = await stage.press("💬 Write more")
    assert text in seen[-1].text
    await stage.press(TAKE_IT)
    await stage.press(SEND)
    await world.does("a quarter of an hour passes")
    assert text in [entry[0] for entry in await told_to_the_desk(storage)]


@pytest.mark.parametrize(
    ("stored", "draft"),
    [
        ([[2, None], [0, None]], OfficeDraft(found=[[2, None]], has_more=True)),
        ([[2, 9], [3, 12], [0, 7]], OfficeDraft(found=[[2, 9], [3, 12]], lacking_office=7)),
        ([[2, 9], [0, "بوشهر"]], OfficeDraft(found=[[2, 9]], lacking_city="بوشهر")),
    ],
)
def test_what_was_stored_among_the_offices_found_is_read(stored: list[list[object]], draft: OfficeDraft) -> None:
    loaded = Shape(OfficeDraft).load({"found": stored})
    read_forward(loaded)
    assert loaded == draft
