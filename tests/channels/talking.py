"""What tests of the messengers say and hear: a channel of ours at an emulator, and a listener that answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.channels.bot_api import BotApiChannel
from bot.channels.port import Unreadable
from bot.dialogue.heard import Heard, HeardKind
from bot.dialogue.says import Answer, Button, Says
from bot.running.tasks import Tasks
from bot.sending.pacing import Pacer
from desk.language.language import Language
from desk.language.text import Locale, Localised
from emulator import EmulatedPerson, Emulator

TOKENS = {"telegram": "111:AAA", "bale": "222:BBB"}
NOON = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def fa(text: str) -> Localised:
    """A text as staff write it; enough where the words do not matter."""
    return Localised({"fa": text})


def button(label: str, data: str) -> Button:
    """A plain button."""
    return Button(fa(label), data)


class FixedClock:
    """Stands at noon of one day in Tehran, more or less, until a test moves it."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        """Return that moment."""
        return self.at


def channel_for(kind: str, url: str, language: Language, **given: Any) -> BotApiChannel:
    """A channel of ours at this emulator, with no limit on speed unless one is given."""
    given.setdefault("pacer", Pacer(per_second=None))
    common: dict[str, Any] = {
        "token": TOKENS[kind],
        "api_url": url,
        "language": language,
        "clock": FixedClock(),
        **given,
    }
    if kind == "telegram":
        from bot.channels.telegram import TelegramChannel

        return TelegramChannel(**common)
    from bot.channels.bale import BaleChannel

    return BaleChannel(**common)


MakeChannel = Callable[..., BotApiChannel]
"""`channel_for` at the test's emulator; what it made is stopped after the test (fixture `make_channel`)."""

Reply = Callable[[Heard], Awaitable[Answer | None]]


@dataclass
class Listener:
    """Hears for a channel: keeps what it heard, and answers as the test says."""

    channel: BotApiChannel
    reply: Reply
    heard: list[Heard | Unreadable] = field(default_factory=list)

    async def __call__(self, heard: Heard | Unreadable) -> None:
        self.heard.append(heard)
        if isinstance(heard, Heard) and (answer := await self.reply(heard)) is not None:
            await self.channel.answer(answer)

    def of(self, kind: HeardKind) -> list[Heard]:
        """What was heard of one kind."""
        return [heard for heard in self.heard if isinstance(heard, Heard) and heard.kind is kind]


def answer_to(heard: Heard, *says: Says, **given: Any) -> Answer:
    """The answer of an exchange: a press edits its own screen."""
    given.setdefault("edits", heard.message_id if heard.kind is HeardKind.CHOICE else None)
    return Answer(heard.address, Locale.FA, says, query_id=heard.query_id, **given)


def always(*says: Says, **given: Any) -> Reply:
    """Answers everything a person can await an answer to with the same."""

    async def reply(heard: Heard) -> Answer | None:
        return answer_to(heard, *says, **given) if heard.kind not in (HeardKind.BLOCKED, HeardKind.UNBLOCKED) else None

    return reply


@asynccontextmanager
async def polling(channel: BotApiChannel, reply: Reply) -> AsyncIterator[Listener]:
    """Poll with a listener while inside."""
    listener = Listener(channel, reply)
    async with Tasks() as tasks:
        tasks.start(channel.poll(listener), name="poll")
        yield listener


async def met(emulator: Emulator, kind: str) -> EmulatedPerson:
    """A person who has pressed start and got what the bot says to that."""
    person = emulator.person(kind, first_name="نوید")
    await person.start()
    await person.settled()
    return person
