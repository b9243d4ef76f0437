"""What the bot takes out of the chat: a typed identity number and a picture, and nothing else a person wrote."""

from __future__ import annotations

import pytest

from desk.storage.engine import Storage
from tests.transcripts.bare import BareStage
from tests.transcripts.stage import Bot, Clock, language_of
from tests.transcripts.world import World

UP_TO_THE_NUMBER = (
    "[🗓 Turn]",
    "[Identity check]",
    "[Alborz]",
    "[Office 72-1102]",
    "[✅ This is good]",
    "Gol Agha Rahimi",
    "[Amayesh card]",
)


async def _stage(storage: Storage, *given: str) -> BareStage:
    bot = Bot(storage, language_of("en"), Clock())
    stage = BareStage(bot)
    world = World(bot, stage, "en")
    await world.does("the usual desk")
    await world.does("a person who has been here before")
    for line in given:
        await world.does(line)
    await stage.say("/start")
    return stage


@pytest.mark.sqlite
async def test_a_typed_identity_number_is_taken_out_of_the_chat(storage: Storage) -> None:
    stage = await _stage(storage)
    for act in UP_TO_THE_NUMBER:
        await (stage.press(act[1:-1]) if act.startswith("[") else stage.say(act))
    assert stage.deleted == []
    await stage.say("987654321")
    assert stage.deleted == [f"p{stage.updates}"]


@pytest.mark.sqlite
async def test_a_number_that_is_asked_about_is_taken_out_wherever_it_is_written(storage: Storage) -> None:
    """At its own question, where it is read back, and where it is said whose it is."""
    stage = await _stage(storage, "Laila is known to this chat by the number 12345678")
    for act in UP_TO_THE_NUMBER:
        if act == "Gol Agha Rahimi":
            await stage.press("👤 For somebody else")
        await (stage.press(act[1:-1]) if act.startswith("[") else stage.say(act))
    gone = []
    for number in ("12", "1111", "09121234567", "12345678", "99", "12345678", "987654321"):
        await stage.say(number)
        gone.append(f"p{stage.updates}")
    assert stage.deleted == gone


@pytest.mark.sqlite
async def test_words_that_were_no_number_are_taken_out_as_well_but_commands_stay(storage: Storage) -> None:
    stage = await _stage(storage)
    for act in UP_TO_THE_NUMBER:
        await (stage.press(act[1:-1]) if act.startswith("[") else stage.say(act))
    await stage.say("my number is secret")
    assert len(stage.deleted) == 1
    await stage.say("help")
    assert len(stage.deleted) == 1


@pytest.mark.requirement("003-01", "A")
@pytest.mark.sqlite
async def test_a_picture_is_taken_out_and_a_voice_stays(storage: Storage) -> None:
    stage = await _stage(storage)
    await stage.send("voice")
    assert stage.deleted == []
    await stage.send("photo")
    assert stage.deleted == [f"p{stage.updates}"]
