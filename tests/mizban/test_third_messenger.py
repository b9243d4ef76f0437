"""A third messenger is one entry: toy settings, an adapter without the Bot API, and a conversation that runs on it.

Its keys are no numbers, it shows three buttons, edits nothing, asks for no place, and takes a message only for a while
after the person wrote.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr
from sqlalchemy import select

from bot.channels.port import (
    Capabilities,
    Hears,
    Refuses,
    SendingFailed,
    Unreadable,
    WebhookResponse,
    refuses_nobody,
)
from bot.channels.render import Renderer
from bot.dialogue.heard import Address, Heard, HeardKind
from bot.dialogue.says import Answer, Says
from bot.running.tasks import Tasks
from bot.sending.delivery import UNTIL_THEY_WRITE
from desk.appointments.models import Appointment
from desk.appointments.stored import read_name
from desk.conversations.models import HeardUpdate
from desk.language.text import Locale, Text
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import DeliveryState
from desk.storage.base import ReadSession
from mizban.messengers import MESSENGERS, Means, Messenger, MessengerSettings
from mizban.parts import Parts, build
from mizban.settings import InstalledSettings, settings_with
from tests.makers import NOW
from tests.mizban.conftest import put_first_data_in

WINDOW = timedelta(hours=24)
FEW = 3


@dataclass
class Clock:
    """Shows what it is told."""

    at: datetime = NOW

    def now(self) -> datetime:
        """Return that moment."""
        return self.at


@dataclass
class Shown:
    """One message on the toy phone."""

    id: str
    text: str
    buttons: dict[str, str]


@dataclass
class ToyChannel:
    """An adapter for a messenger that is nothing like the Bot API; the phone is in it."""

    account: MessengerSettings
    means: Means
    capabilities: Capabilities
    name: str = "toy"
    bot: str = "toy-bot"
    sent: list[Shown] = field(default_factory=list)
    written_at: datetime | None = None
    updates: asyncio.Queue[dict[str, str]] = field(default_factory=asyncio.Queue)

    def __post_init__(self) -> None:
        self._renderer = Renderer(language=self.means.language, capabilities=self.capabilities, clock=self.means.clock)

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def poll(self, hears: Hears, refuses: Refuses = refuses_nobody) -> None:
        while True:
            raw = await self.updates.get()
            await hears(self.read(raw))
            self.updates.task_done()

    def polling_trouble(self) -> str | None:
        return None

    async def known_as(self) -> str:
        return "mizban_third_bot"

    async def webhook_trouble(self) -> str | None:
        return None

    async def set_webhook(self, url: str, *, secret: str) -> None: ...

    async def leave(self, chat: str, farewell: Text | None) -> None: ...

    def read(self, raw: Mapping[str, Any]) -> Heard | Unreadable:
        key = str(raw.get("key", ""))
        if "from" not in raw:
            return Unreadable(key, "from: missing")
        address = Address(self.name, self.bot, str(raw["from"]))
        if "pressed" in raw:
            return Heard(address, key, HeardKind.CHOICE, choice=str(raw["pressed"]), message_id=str(raw["on"]))
        text = str(raw["text"])
        return Heard(
            address, key, HeardKind.TEXT, text=text, start="" if text == "/start" else None, message_id=f"m.{key}"
        )

    async def answer(self, answer: Answer, *, response: WebhookResponse | None = None) -> None:
        assert response is None
        assert answer.edits is None or not self.capabilities.edits
        for says in answer.says:
            await self.send(answer.address.chat, says, locale=answer.locale)

    async def send(self, chat: str, says: Says, *, locale: Locale) -> str:
        if self.written_at is None or self.means.clock.now() - self.written_at > WINDOW:
            raise SendingFailed("470 the person has not written for a day", not_now=True)
        rendered = self._renderer.render(says, locale=locale)
        markup = json.loads(rendered.keyboard or "{}")
        assert "keyboard" not in markup, "it has no keyboard that asks for a place"
        rows = markup.get("inline_keyboard", [])
        buttons = {button["text"]: button["callback_data"] for row in rows for button in row}
        assert len(buttons) <= FEW, "the messenger would refuse it"
        assert not rendered.replaces, "nothing is edited here"
        assert all(len(data.encode()) <= self.capabilities.longest_data for data in buttons.values())
        self.sent.append(Shown(f"wamid.{len(self.sent)}Z", "\n".join(rendered.texts), buttons))
        return self.sent[-1].id

    async def voice(self, file_id: str) -> AsyncIterator[bytes]:
        yield b""


TOY = Messenger(
    name="toy",
    label=Text("messenger", "Toy"),
    server="https://toy.example",
    bot_key=r"[a-z-]+",
    bot_key_in_words="small letters",
    capabilities=Capabilities(
        markup="plain", edits=False, location_buttons=False, most_buttons=FEW, longest_data=40, answers_only=True
    ),
    connect=ToyChannel,
)


@dataclass
class Person:
    """Somebody with the toy phone."""

    parts: Parts
    clock: Clock
    channel: ToyChannel
    keys: int = 0
    written: int = 0
    """Choices that had no button."""

    @property
    def seen(self) -> Shown:
        return self.channel.sent[-1]

    async def _does(self, **what: str) -> str:
        self.keys += 1
        self.channel.written_at = self.clock.at
        raw = {"key": f"evt_{self.keys:x}/q", "from": "u:leila@toy", **what}
        await self.parts.hearing.hear(self.channel, self.channel.read(raw))
        return self.seen.text

    async def writes(self, text: str) -> str:
        return await self._does(text=text)

    async def chooses(self, words: str) -> str:
        """Press the button with these words; where there was no room for it, write what stands in the text for it."""
        for label, data in self.seen.buttons.items():
            if words in label:
                return await self._does(pressed=data, on=self.seen.id)
        self.written += 1
        [line] = [line for line in self.seen.text.splitlines() if words in line]
        return await self._does(text=line)


@pytest_asyncio.fixture
async def person(database_url: str, tmp_path: Path) -> AsyncIterator[Person]:
    """The same installation with one more entry in the table."""
    clock = Clock()
    settings = settings_with((*MESSENGERS, TOY))(
        home=tmp_path / "home", database_url=database_url, toy_token=SecretStr("a-toy-token")
    )
    parts = build(settings, clock=clock)
    [bot] = parts.bots
    assert isinstance(bot.channel, ToyChannel)
    async with parts.storage:
        await parts.storage.write(put_first_data_in, now=clock.at)
        yield Person(parts, clock, bot.channel)


def test_the_settings_of_a_messenger_follow_from_its_entry() -> None:
    with_toy = settings_with((*MESSENGERS, TOY))
    added = with_toy.model_fields.keys() - InstalledSettings.model_fields.keys()
    assert added == {"toy_token", "toy_api_url", "toy_updates"}


async def test_a_bot_that_no_link_opens_stands_on_no_slip(person: Person) -> None:
    assert await person.parts._name_bots() == ()
    linked = replace(TOY, deep_link="https://toy.example/{bot}?start={payload}")
    settings = settings_with((*MESSENGERS, linked))(home=person.parts.settings.home, toy_token=SecretStr("a-toy-token"))
    [bot] = await replace(person.parts, settings=settings)._name_bots()
    assert bot.address("tie_x") == "https://toy.example/mizban_third_bot?start=tie_x"


async def test_a_messenger_that_does_not_answer_keeps_no_page_waiting(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never() -> str:
        await asyncio.sleep(60)
        return ""

    [bot] = person.parts.bots
    monkeypatch.setattr(bot.channel, "known_as", never)
    monkeypatch.setattr("mizban.parts.NAMED_WITHIN", 0.05)
    assert await person.parts._name_bots() == ()


def test_each_messenger_of_ours_is_opened_by_a_link() -> None:
    links = {each.name: each.deep_link for each in MESSENGERS}
    assert links == {
        "telegram": "https://t.me/{bot}?start={payload}",
        "bale": "https://ble.ir/{bot}?start={payload}",
    }


async def test_a_conversation_runs_on_a_third_messenger(person: Person) -> None:
    await person.writes("/start")
    for words in ("فارسی", "متوجه", "نوبت", "خوب"):
        await person.chooses(words)
    await person.writes("گل آغا رحیمی")
    assert person.written == 0, "what is likeliest has a button"
    await person.chooses("برگهٔ سرشماری")
    assert person.written == 1, "three buttons stood there already"
    await person.writes("987654321")
    assert "نوبت شما گرفته شد" in await person.chooses("بله، بگیرید")
    booked, keys = await person.parts.storage.read(written_down)
    assert booked == ["گل آغا رحیمی"]
    assert keys == {f"evt_{number:x}/q" for number in range(1, person.keys + 1)}


async def test_a_repeated_key_that_is_no_number_is_acted_on_once(person: Person) -> None:
    await person.writes("/start")
    shown = await person.chooses("فارسی")
    person.keys -= 1  # the messenger brings the same update once more
    assert await person.writes("متوجه شدم") == shown
    assert await person.writes("متوجه شدم") != shown


async def test_what_may_not_be_sent_now_waits_until_the_person_writes(person: Person) -> None:
    await person.writes("/start")
    for words in ("فارسی", "متوجه", "نوبت", "خوب"):
        await person.chooses(words)
    for words in ("گل آغا رحیمی", "آمایش", "987654321", "بله"):
        await person.writes(words)
    person.channel.written_at = person.clock.at - 2 * WINDOW  # as the messenger counts
    read, clock = person.parts.storage.read, person.clock
    [(_name, delivery)] = person.parts.deliveries()
    async with asyncio.timeout(60), Tasks() as tasks:
        tasks.start(delivery.run(), name="delivery")
        while not (waits := await read(ticket))[1]:
            await asyncio.sleep(0.02)
        assert waits == (DeliveryState.OPEN, "470 the person has not written for a day", clock.at + UNTIL_THEY_WRITE)
        clock.at += UNTIL_THEY_WRITE / 6
        before = len(person.channel.sent)
        await person.writes("صفحهٔ اول")
        while (await read(ticket))[0] is not DeliveryState.SENT:
            await asyncio.sleep(0.02)
        assert any("کد" in shown.text and "گل آغا رحیمی" in shown.text for shown in person.channel.sent[before:])


def written_down(session: ReadSession) -> tuple[list[str | None], set[str]]:
    """Whose appointments there are, and the keys of the updates that were heard."""
    names = [read_name(session.keys, row.name_sealed, digits=row.code) for row in session.scalars(select(Appointment))]
    return names, set(session.scalars(select(HeardUpdate.update_id)))


def ticket(session: ReadSession) -> tuple[DeliveryState, str | None, datetime]:
    """What became of the ticket."""
    row = session.scalars(select(OutboxMessage).where(OutboxMessage.notice == "ticket")).one()
    return row.state, row.reason, row.due_at
