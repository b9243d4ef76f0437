"""What a phone does and shows: labels, old buttons, keyboards, contacts, settling with a live bot."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from emulator import Emulator, NoSuchButton, NotSettled

_MENU = {
    "inline_keyboard": [
        [{"text": "🗓 نوبت بگیرید", "callback_data": "book"}],
        [{"text": "💰 هزینه", "callback_data": "fee"}],
    ]
}
_ASK = {
    "keyboard": [
        [{"text": "شمارهٔ من", "request_contact": True}],
        [{"text": "مکان من", "request_location": True}, "بی‌خیال"],
    ],
    "one_time_keyboard": True,
}


class MenuBot:
    """A small polling bot: a menu on /start, an edit on a press, a keyboard on «شماره», silence on «هیچ»."""

    def __init__(self, api: Any) -> None:
        self.api = api
        self.heard: list[dict[str, Any]] = []
        self.pause = 0.0

    async def run(self) -> None:
        offset = 0
        while True:
            for update in await self.api.updates(offset=offset, timeout=20):
                offset = update["update_id"] + 1
                self.heard.append(update)
                await self.answer(update)

    async def answer(self, update: dict[str, Any]) -> None:
        if self.pause:
            await asyncio.sleep(self.pause)
        if query := update.get("callback_query"):
            await self.api("answerCallbackQuery", callback_query_id=query["id"], text="گرفتم")
            where = {"chat_id": query["from"]["id"], "message_id": query["message"]["message_id"]}
            await self.api("editMessageText", **where, text=f"شد: {query['data']} {len(self.heard)}")
            return
        message = update.get("message") or update["edited_message"]
        text, chat = message.get("text", ""), message["chat"]["id"]
        if text == "هیچ":
            return
        markup = {"/start": _MENU, "شماره": _ASK}.get(text, {"remove_keyboard": True})
        await self.api("sendMessage", chat_id=chat, text=f"شنیدم: {text or 'چیزی'}", reply_markup=markup)


@pytest.fixture
async def bot(telegram: Any) -> AsyncIterator[MenuBot]:
    bot = MenuBot(telegram)
    task = asyncio.get_running_loop().create_task(bot.run())
    yield bot
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_conversation(emulator: Emulator, bot: MenuBot) -> None:
    person = emulator.person("telegram")
    screen = await person.ask("/start")
    assert screen.text == "شنیدم: /start"
    assert screen.buttons == ["🗓 نوبت بگیرید", "💰 هزینه"]
    screen = await person.tap("نوبت")
    assert screen.text == "شد: book 2"
    assert screen.buttons == []
    assert screen.alerts == ("گرفتم",)
    assert screen.said == ["شد: book 2"]
    assert screen.has("شد: book")
    assert len(screen.messages) == 2
    assert not emulator.violations
    assert not person.chat.waiting_queries


async def test_old_and_vanished_buttons_can_still_be_pressed(emulator: Emulator, bot: MenuBot) -> None:
    person = emulator.person("telegram")
    first = (await person.ask("/start")).current
    second = (await person.ask("/start")).current
    assert first
    assert second
    await person.press("💰", message_id=first.message_id)
    assert (await person.settled()).current.message_id == first.message_id  # type: ignore[union-attr] # it is there
    with pytest.raises(NoSuchButton, match="هزینه"):
        await person.press("چیز دیگر")
    with pytest.raises(NoSuchButton):
        await person.press("💰", message_id=first.message_id)
    await person.press(data="fee", message_id=first.message_id)
    await person.settled()
    assert bot.heard[-1]["callback_query"]["data"] == "fee"


async def test_a_double_tap_is_two_queries(emulator: Emulator, bot: MenuBot) -> None:
    person = emulator.person("telegram")
    await person.ask("/start")
    one, two = await person.double_tap("نوبت")
    assert one != two
    await person.settled()
    assert [update["callback_query"]["id"] for update in bot.heard[1:]] == [one, two]
    assert len({update["update_id"] for update in bot.heard}) == 3


async def test_reply_keyboard_contact_and_location(emulator: Emulator, bot: MenuBot) -> None:
    person = emulator.person("telegram", phone="989350000001")
    screen = await person.ask("شماره")
    assert screen.keyboard == ["شمارهٔ من", "مکان من", "بی‌خیال"]
    assert (await person.tap("شمارهٔ من")).keyboard == []
    contact = bot.heard[-1]["message"]["contact"]
    assert contact == {"phone_number": "989350000001", "first_name": "نوید", "user_id": person.id}
    await person.share_contact("9891", own=False)
    await person.settled()
    assert "user_id" not in bot.heard[-1]["message"]["contact"]
    await person.ask("شماره")
    await person.tap("مکان من")
    assert bot.heard[-1]["message"]["location"] == {"latitude": 35.84, "longitude": 50.9391}
    await person.send_location(29.61, 52.53)
    await person.settled()
    assert bot.heard[-1]["message"]["location"] == {"latitude": 29.61, "longitude": 52.53}


async def test_editing_and_deep_links(emulator: Emulator, bot: MenuBot) -> None:
    person = emulator.person("telegram")
    number = await person.start("case_12")
    await person.settled()
    await person.edit(number, "درست‌تر")
    await person.settled()
    assert bot.heard[0]["message"]["text"] == "/start case_12"
    assert bot.heard[1]["edited_message"]["text"] == "درست‌تر"
    assert bot.heard[1]["edited_message"]["message_id"] == number


async def test_silence_is_noticed(emulator: Emulator, bot: MenuBot) -> None:
    person = emulator.person("telegram")
    await person.say("هیچ")
    assert (await person.settled(expect=0)).text == ""  # it has been heard, however long that took
    with pytest.raises(NotSettled, match="said 0 of at least 1"):
        await person.settled(0.2, expect=1)


async def test_settled_waits_for_a_slow_bot_and_its_busy_check(emulator: Emulator, bot: MenuBot, telegram: Any) -> None:
    bot.pause = 0.1
    person = emulator.person("telegram")
    assert (await person.ask("/start")).text == "شنیدم: /start"
    working = True
    emulator.busy_checks.append(lambda: working)
    with pytest.raises(NotSettled, match="bot busy"):
        await person.settled(0.05)
    working = False
    await person.settled()
    bot.pause = 0
    waiting = asyncio.gather(person.next_message())
    await asyncio.sleep(0)
    await telegram("sendMessage", chat_id=person.id, text="یادآوری")
    [shown] = await waiting
    assert shown.text == "یادآوری"


async def test_hundred_people_at_once(emulator: Emulator, bot: MenuBot) -> None:
    people = [emulator.person("telegram") for _ in range(100)]
    for person in people:
        await person.start()
    await emulator.all_settled()
    assert all(person.screen.buttons for person in people)
    assert len({person.id for person in people}) == 100
