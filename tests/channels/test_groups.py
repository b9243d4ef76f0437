"""The bot leaves groups, with one word and once, and sets nothing of them aside."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.channels.bot_api import BotApiChannel
from bot.channels.port import Unreadable
from bot.dialogue import phrases
from bot.receiving.hearing import Hearing
from bot.receiving.lanes import Lanes
from desk.conversations.models import HeardUpdate
from desk.language.text import Locale
from desk.storage.engine import Storage
from emulator import Emulator
from tests.transcripts.stage import Bot, Clock, language_of


def hearing(storage: Storage) -> Hearing:
    exchanges = Bot(storage=storage, language=language_of("fa"), clock=Clock()).exchanges()
    return Hearing(storage=storage, exchanges=exchanges, clock=Clock(), lanes=Lanes())


def from_group(number: int, group: int, *, type: str = "group") -> dict[str, object]:
    chat = {"id": group, "type": type}
    return {
        "update_id": number,
        "message": {"message_id": number, "date": 1, "chat": chat, "from": {"id": 9}, "text": "سلام"},
    }


async def test_a_group_is_left_once_with_one_word(storage: Storage, channel: BotApiChannel, emulator: Emulator) -> None:
    hears = hearing(storage)
    for number in range(1, 6):
        await hears.hear(channel, channel.read(from_group(number, -100)))
    await hears.hear(channel, channel.read(from_group(6, -200)))

    left = [call.params["chat_id"] for call in emulator.calls if call.method == "leaveChat"]
    said = [call for call in emulator.calls if call.method == "sendMessage"]
    assert [str(each) for each in left] == ["-100", "-200"]
    assert {str(call.params["text"]) for call in said} == {language_of("fa").plain(phrases.ONE_BY_ONE, Locale.FA)}
    assert await storage.read(lambda session: session.scalar(select(func.count()).select_from(HeardUpdate))) == 0


async def test_a_channel_is_left_without_a_word(storage: Storage, channel: BotApiChannel, emulator: Emulator) -> None:
    await hearing(storage).hear(channel, channel.read(from_group(1, -300, type="channel")))

    assert [call.method for call in emulator.calls if call.method != "getMe"] == ["leaveChat"]


async def test_what_is_broken_is_still_set_aside(storage: Storage, channel: BotApiChannel, emulator: Emulator) -> None:
    broken = channel.read({"update_id": 7, "message": {"message_id": 1}})
    assert isinstance(broken, Unreadable)
    await hearing(storage).hear(channel, broken)

    reasons = await storage.read(lambda session: list(session.scalars(select(HeardUpdate.reason))))
    assert reasons == ["message.chat: missing"]
