"""The buttons of a screen that was left are taken away, where that takes no message's place; the way home remains."""

from __future__ import annotations

import pytest

from bot.channels.bot_api import BotApiChannel
from bot.channels.calling import Caller
from bot.channels.port import SendingFailed, WebhookResponse
from bot.dialogue.heard import Address, Heard, HeardKind
from bot.dialogue.says import Answer, Says
from bot.dialogue.screens import TO_THE_MENU
from bot.sending.pacing import EDIT_SHARE, Pacer
from desk.language.text import Locale
from emulator import EmulatedPerson, Emulator
from tests.channels.talking import answer_to, button, fa, met, polling

FIRST = Says(fa("کدام خدمت؟"), rows=((button("هویت", "r1.a"),),), remains=TO_THE_MENU)
SECOND = Says(fa("نام شما؟"), rows=((button("بازگشت", "r2.~back"),),), remains=TO_THE_MENU)
WELCOME = Says(fa("کدام زبان؟"), rows=((button("فارسی", "r1.fa"),),), remains=())
CLOSING = Says(fa("انجام شد."), rows=((button("دوباره", "go:tea:"),),))
RESULT = Says(fa("کد شما"), rows=((button("نقشه", "go:map:1"),),), stays=True)


def _standing(person: EmulatedPerson) -> dict[str, list[str]]:
    """The bot's messages and their buttons."""
    return {
        shown.plain: [b.data for row in shown.rows for b in row] for shown in person.screen.messages if not shown.mine
    }


async def _told(channel: BotApiChannel, kind: str, emulator: Emulator, *says: tuple[Says, ...]) -> EmulatedPerson:
    """A chat in which each message of the person is answered with the next of these."""
    answers = iter(says)

    async def reply(heard: Heard) -> Answer:
        return answer_to(heard, *next(answers))

    async with polling(channel, reply):
        person = await met(emulator, kind)
        for _ in says[1:]:
            await person.ask("سلام")
    return person


async def test_a_screen_that_was_left_keeps_the_way_home_only(
    channel: BotApiChannel, kind: str, emulator: Emulator
) -> None:
    person = await _told(channel, kind, emulator, (FIRST,), (SECOND,))
    assert _standing(person) == {"کدام خدمت؟": ["go:menu:"], "نام شما؟": ["r2.~back"]}
    assert person.screen.plain == "نام شما؟"
    assert not emulator.violations


async def test_before_there_is_a_main_page_nothing_remains(
    channel: BotApiChannel, kind: str, emulator: Emulator
) -> None:
    person = await _told(channel, kind, emulator, (WELCOME,), (SECOND,))
    assert _standing(person) == {"کدام زبان؟": [], "نام شما؟": ["r2.~back"]}
    assert not emulator.violations


async def test_results_and_ends_keep_their_buttons(channel: BotApiChannel, kind: str, emulator: Emulator) -> None:
    person = await _told(channel, kind, emulator, (FIRST,), (CLOSING, RESULT), (SECOND,))
    assert _standing(person) == {
        "کدام خدمت؟": ["go:menu:"],
        "انجام شد.": ["go:tea:"],
        "کد شما": ["go:map:1"],
        "نام شما؟": ["r2.~back"],
    }
    assert not emulator.violations


async def test_a_refused_tidying_is_final_and_nobody_hears_of_it(
    channel: BotApiChannel, kind: str, emulator: Emulator
) -> None:
    emulator.faults.add("server_error", method="editMessageReplyMarkup", probability=1.0)
    person = await _told(channel, kind, emulator, (FIRST,), (SECOND,))
    assert _standing(person)["نام شما؟"] == ["r2.~back"]
    assert len([call for call in emulator.calls if call.method == "editMessageReplyMarkup"]) == 1


async def test_a_pressed_message_of_before_a_start_loses_them_too(
    channel: BotApiChannel, kind: str, emulator: Emulator
) -> None:
    async def reply(heard: Heard) -> Answer:
        if heard.kind is not HeardKind.CHOICE:
            return answer_to(heard, FIRST)
        return Answer(heard.address, Locale.FA, (SECOND,), query_id=heard.query_id, leaves=heard.message_id)

    async with polling(channel, reply):
        person = await met(emulator, kind)
        channel._speaker._screens.clear()
        await person.tap("هویت")
    assert _standing(person) == {"کدام خدمت؟": ["go:menu:"], "نام شما؟": ["r2.~back"]}
    assert not emulator.violations


async def test_the_response_to_a_webhook_spares_the_call(channel: BotApiChannel, kind: str, emulator: Emulator) -> None:
    person = await _told(channel, kind, emulator, (FIRST,))
    response = WebhookResponse()
    at = Address(channel.name, channel.bot, str(person.id))
    await channel.answer(Answer(at, Locale.FA, (SECOND,)), response=response)
    assert response.call is not None
    assert response.call["method"] == "editMessageReplyMarkup"
    assert all(call.method != "editMessageReplyMarkup" for call in emulator.calls)


class Counting:
    """A messenger that takes what comes, or refuses it as too much."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.calls = 0
        self.refuses = refuses

    async def __call__(self, method: str, params: object, /, *, timeout: float = 1.0) -> None:
        self.calls += 1
        if self.refuses:
            raise SendingFailed("429", retry_after=7.0)


async def test_it_is_left_undone_where_the_next_message_would_wait_for_it() -> None:
    now = 100.0
    pacer = Pacer(monotonic=lambda: now)
    counting = Counting()
    caller = Caller(counting, pacer=pacer)
    for _ in range(2):
        await pacer.take("7")
    await caller.if_free("editMessageReplyMarkup", {}, chat="7")
    assert counting.calls == 0
    now += EDIT_SHARE
    await caller.if_free("editMessageReplyMarkup", {}, chat="7")
    assert counting.calls == 1
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    pacer._sleep = sleep
    await pacer.take("7")
    assert not waited


async def test_a_chat_that_has_had_enough_is_left_alone() -> None:
    pacer = Pacer(monotonic=lambda: 100.0)
    counting = Counting(refuses=True)
    caller = Caller(counting, pacer=pacer)
    for _ in range(2):
        await caller.if_free("editMessageReplyMarkup", {}, chat="7")
    assert counting.calls == 1


@pytest.mark.parametrize("seconds", [0.5, 30.0])
async def test_a_bot_that_has_to_wait_tidies_nothing(seconds: float) -> None:
    pacer = Pacer(monotonic=lambda: 100.0)
    pacer.pause(seconds)
    counting = Counting()
    await Caller(counting, pacer=pacer).if_free("editMessageReplyMarkup", {}, chat="7")
    assert counting.calls == 0
