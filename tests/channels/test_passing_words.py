"""Passing words that are the whole answer to a press arrive; a screen that stands there already is an answer too."""

from __future__ import annotations

from bot.channels.bot_api import BotApiChannel
from bot.channels.port import WebhookResponse
from bot.dialogue.heard import Heard
from bot.dialogue.says import Answer, Says
from desk.language.text import Locale
from emulator import Emulator
from tests.channels.talking import always, answer_to, button, fa, met, polling

MENU = Says(fa("چه کاری دارید؟"), rows=((button("نوبت بگیرید", "r1.book"),),))


async def test_they_are_a_call_that_is_tried_again(channel: BotApiChannel, kind: str, emulator: Emulator) -> None:
    """Nobody would notice where the messenger did not take them from the response to its webhook."""
    responses: list[WebhookResponse] = []

    async def reply(heard: Heard) -> Answer | None:
        if heard.query_id is None:
            return answer_to(heard, MENU)
        responses.append(WebhookResponse())
        emulator.faults.add("server_error", method="answerCallbackQuery", times=1)
        answer = Answer(heard.address, Locale.FA, (), toast=fa("خوب"), query_id=heard.query_id)
        await channel.answer(answer, response=responses[-1])
        return None

    async with polling(channel, reply):
        person = await met(emulator, kind)
        screen = await person.tap("نوبت بگیرید")
    assert screen.alerts == ("خوب",)
    assert [response.call for response in responses] == [None]


async def test_a_press_that_shows_the_same_screen_again_is_answered(
    channel: BotApiChannel, kind: str, emulator: Emulator
) -> None:
    async with polling(channel, always(MENU)):
        person = await met(emulator, kind)
        await person.press("نوبت بگیرید")
        screen = await person.settled(expect=1)
    assert screen.plain == "چه کاری دارید؟"
