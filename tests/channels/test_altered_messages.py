"""A message that stays is edited where it stands, on both messengers, and never sent a second time."""

from __future__ import annotations

import pytest

from bot.channels.bot_api import BotApiChannel
from bot.channels.port import SendingFailed
from bot.dialogue.says import CodePicture, EarlierMessage, Says
from desk.language.text import Locale
from desk.reading.folding import strip_bidi
from emulator import EmulatedPerson, Emulator
from emulator.screens import ShownMessage
from tests.channels.talking import MakeChannel, always, button, fa, met, polling

TICKET = Says(fa("نوبت لیلا"), rows=((button("لغو نوبت", "cancel"),),), stays=True)
PICTURE = Says(TICKET.text, rows=TICKET.rows, stays=True, picture=CodePicture("482173051"))
LONG = Says(fa("نوبت لیلا. " * 120), rows=TICKET.rows, stays=True, picture=CodePicture("482173051"))
OVER = Says(fa("⛔ لغو شد"), rows=((button("صفحهٔ اول", "menu"),),), stays=True)


def over(message_id: str, *, has_picture: bool) -> Says:
    return Says(OVER.text, rows=OVER.rows, stays=True, alters=EarlierMessage(message_id, has_picture))


async def person_of(channel: BotApiChannel, kind: str, emulator: Emulator) -> EmulatedPerson:
    async with polling(channel, always(Says(fa("سلام"), stays=True))):
        return await met(emulator, kind)


def shown(person: EmulatedPerson, message_id: str) -> ShownMessage:
    [found] = [each for each in person.screen.messages if each.message_id == int(message_id)]
    return found


@pytest.mark.parametrize("says", [TICKET, PICTURE, LONG], ids=["text", "picture", "a text too long for a caption"])
async def test_the_message_says_what_is_so_now(
    channel: BotApiChannel, kind: str, emulator: Emulator, says: Says
) -> None:
    person = await person_of(channel, kind, emulator)
    chat = str(person.id)
    message_id = await channel.send(chat, says, locale=Locale.FA)
    stand = len(person.screen.messages)

    done = await channel.send(chat, over(message_id, has_picture=says.picture is not None), locale=Locale.FA)
    again = await channel.send(chat, over(message_id, has_picture=says.picture is not None), locale=Locale.FA)

    now = shown(person, message_id)
    assert (done, again) == (message_id, message_id)
    assert (strip_bidi(now.text), list(now.buttons), now.kind) == (
        "⛔ لغو شد",
        ["صفحهٔ اول"],
        "photo" if says is PICTURE else "text",
    )
    assert len(person.screen.messages) == stand


@pytest.mark.parametrize("has_picture", [True, False])
async def test_what_is_gone_is_left_alone(
    channel: BotApiChannel, kind: str, emulator: Emulator, has_picture: bool
) -> None:
    person = await person_of(channel, kind, emulator)
    stand = len(person.screen.messages)

    assert await channel.send(str(person.id), over("9999", has_picture=has_picture), locale=Locale.FA) == ""

    assert len(person.screen.messages) == stand


async def test_a_messenger_that_edits_nothing_is_asked_nothing(
    make_channel: MakeChannel, kind: str, emulator: Emulator
) -> None:
    channel = make_channel(kind, abilities={"edits": False})
    await channel.start()
    person = await person_of(channel, kind, emulator)
    message_id = await channel.send(str(person.id), PICTURE, locale=Locale.FA)
    calls = len(emulator.calls_to(person))

    assert await channel.send(str(person.id), over(message_id, has_picture=True), locale=Locale.FA) == ""

    assert len(emulator.calls_to(person)) == calls
    assert shown(person, message_id).text == "نوبت لیلا"


async def test_it_is_tried_again_while_the_messenger_is_in_trouble(
    channel: BotApiChannel, kind: str, emulator: Emulator
) -> None:
    person = await person_of(channel, kind, emulator)
    message_id = await channel.send(str(person.id), PICTURE, locale=Locale.FA)
    emulator.faults.add("server_error", method="editMessageCaption")

    with pytest.raises(SendingFailed) as failed:
        await channel.send(str(person.id), over(message_id, has_picture=True), locale=Locale.FA)

    assert not failed.value.is_final
