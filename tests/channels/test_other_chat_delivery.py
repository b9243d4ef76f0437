"""What one messenger does not take arrives at the other, once; with the workers of both, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select, update

from bot.channels import calling
from desk.acting import Actor
from desk.conversations.models import Conversation
from desk.other_chats import actions
from desk.other_chats.falling_back import fall_back_waiting
from desk.other_chats.models import OtherChat
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import DeliveryState
from desk.storage.base import ReadSession, WriteSession
from desk.storage.engine import Storage
from emulator import EmulatedPerson, Emulator
from tests.channels.deliverers import CLOCK, closed, delivering, heard_by, rows, tell, until
from tests.channels.talking import MakeChannel
from tests.makers import make_conversation
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


async def test_what_waits_in_a_chat_that_then_blocks_the_bot_arrives_in_its_own(both: Both, emulator: Emulator) -> None:
    """Telegram was away; then Bale was too, and there the person blocked the bot before it was back."""
    for kind in ("telegram", "bale"):
        emulator.faults.add("server_error", method="sendMessage", bot=kind)
    await both.tell("یک")
    await until(both.storage, lambda found: bool(found and found[0].tries > 1))
    async with asyncio.timeout(60):
        while not await both.storage.write(half_an_hour_later):
            await asyncio.sleep(0.02)
    await both.bale.block()
    emulator.faults.clear()
    found = await until(both.storage, closed)
    assert shown(found) == [("telegram", DeliveryState.SENT, None)]
    assert (heard_by(both.telegram), heard_by(both.bale)) == (["یک"], [])


async def test_a_reply_that_is_too_old_to_be_tried_again_goes_to_the_other_chat(
    both: Both, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sending.delivery.GIVE_UP", timedelta(0))
    emulator.faults.add("server_error", method="sendMessage", bot="telegram")
    await both.tell("یک")
    found = await until(both.storage, closed)
    assert shown(found) == [("bale", DeliveryState.SENT, None)]
    assert heard_by(both.bale) == ["یک"]


async def test_it_begins_when_the_worker_has_told_the_chat_that_showed_the_code(
    storage: Storage, emulator: Emulator, make_channel: MakeChannel
) -> None:
    person, channel = emulator.person("telegram", first_name="نوید"), make_channel("telegram")
    await person.start()
    await channel.start()

    def make(session: WriteSession) -> None:
        one = recipient(session, channel.name, channel.bot, str(person.id)).conversation_id
        other = make_conversation(session, channel="bale").id
        digits = actions.make_code(session, actor=Actor.chat(one), now=CLOCK.now()).digits
        actions.connect(session, actor=Actor.chat(other), digits=digits, now=CLOCK.now())
        session.execute(update(OutboxMessage).values(params={"texts": ["یک"]}))

    def try_again(session: WriteSession) -> None:
        session.execute(update(OutboxMessage).values(state=DeliveryState.OPEN, is_open=True))

    def begins(session: ReadSession) -> list[bool]:
        return [works_from is not None for works_from in session.scalars(select(OtherChat.works_from))]

    await person.block()
    await storage.write(make)
    async with delivering(storage, channel):
        await until(storage, closed)
        assert await storage.read(begins) == [False, False]
    await person.unblock()
    await storage.write(try_again)
    async with delivering(storage, channel):
        await until(storage, lambda found: found[0].state is DeliveryState.SENT)
    assert await storage.read(begins) == [True, True]


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
