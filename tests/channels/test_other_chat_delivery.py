"""What one messenger does not take arrives at the other, once; with the workers of both, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.channels import calling
from desk.conversations.models import Conversation
from desk.other_chats.falling_back import fall_back_waiting
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import DeliveryState
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from emulator import EmulatedPerson, Emulator
from tests.channels.talking import MakeChannel
from tests.channels.test_delivery import CLOCK, closed, delivering, heard_by, rows, tell, until
from tests.makers_chats import recipient
from tests.makers_other_chats import connect


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr("bot.sending.delivery.wait_before", lambda tries, *, jitter: timedelta(milliseconds=20))


@dataclass
class Both:
    """Somebody with a chat in Telegram and one in Bale, and both bots at work."""

    storage: Storage
    telegram: EmulatedPerson
    bale: EmulatedPerson

    async def tell(self, text: str) -> None:
        await tell(self.storage, self.telegram, text, about="appointment:1")


@pytest_asyncio.fixture
async def both(storage: Storage, emulator: Emulator, make_channel: MakeChannel) -> AsyncIterator[Both]:
    people = [emulator.person(kind, first_name="نوید") for kind in ("telegram", "bale")]
    channels = [make_channel(kind) for kind in ("telegram", "bale")]
    for person, channel in zip(people, channels, strict=True):
        await person.start()
        await channel.start()

    def make(session: WriteSession) -> None:
        found = [
            recipient(session, channel.name, channel.bot, str(person.id))
            for person, channel in zip(people, channels, strict=True)
        ]
        one, other = [session.get_one(Conversation, each.conversation_id) for each in found]
        connect(session, one, other)

    await storage.write(make)
    async with AsyncExitStack() as stack:
        for channel in channels:
            await stack.enter_async_context(delivering(storage, channel))
        yield Both(storage, *people)


def shown(found: list[OutboxMessage]) -> list[tuple[str, DeliveryState, str | None]]:
    return [(row.channel, row.state, row.reason) for row in found]


def half_an_hour_later(session: WriteSession) -> int:
    """The job, where what fails has failed since then."""
    session.query(OutboxMessage).update({"failing_since": CLOCK.now() - timedelta(minutes=31)})
    return fall_back_waiting(session, now=CLOCK.now(), limit=9)


async def test_who_blocked_the_bot_is_told_in_the_other_chat(both: Both) -> None:
    await both.telegram.block()
    await both.tell("یک")
    found = await until(both.storage, closed)
    assert shown(found) == [("bale", DeliveryState.SENT, None)]
    assert heard_by(both.bale) == ["یک"]
    assert heard_by(both.telegram) == []


async def test_where_both_are_blocked_staff_see_it_and_it_goes_to_and_fro_no_more(both: Both) -> None:
    await both.telegram.block()
    await both.bale.block()
    await both.tell("یک")
    found = await until(both.storage, closed)
    assert shown(found) == [("bale", DeliveryState.DEAD, "blocked")]


async def test_a_messenger_that_is_away_and_back_does_not_tell_it_again(both: Both, emulator: Emulator) -> None:
    away = emulator.faults.add("server_error", method="sendMessage", bot="telegram")
    await both.tell("یک")
    await until(both.storage, lambda found: bool(found and found[0].tries > 1))
    async with asyncio.timeout(60):
        while not await both.storage.write(half_an_hour_later):  # it is just being tried
            await asyncio.sleep(0.02)
    await until(both.storage, closed)
    assert heard_by(both.bale) == ["یک"]
    emulator.faults.remove(away.id)
    await both.tell("دو")
    found = await until(both.storage, closed)
    assert heard_by(both.telegram) == ["دو"]
    assert [row.channel for row in found] == ["bale", "telegram"]


async def test_a_messenger_that_fails_for_a_moment_tells_it_itself(both: Both, emulator: Emulator) -> None:
    emulator.faults.add("server_error", method="sendMessage", times=5)
    await both.tell("یک")
    await until(both.storage, closed)
    assert (heard_by(both.telegram), heard_by(both.bale)) == (["یک"], [])
    assert [row.failing_since for row in await rows(both.storage)] == [None]
