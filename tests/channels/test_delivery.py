"""Every notice arrives or is told why not: order, pace, failures, restarts; on both databases, over real HTTP."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.channels import calling
from bot.channels.bot_api import BotApiChannel
from bot.dialogue.heard import Address
from bot.running.tasks import Tasks
from bot.sending.delivery import Deliverer
from bot.sending.pacing import SEVERAL, Pacer
from desk.conversations.models import Conversation
from desk.outbox import actions as outbox
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import DeliveryState, Lane
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from emulator import Emulator
from tests.channels.deliverers import (
    CLOCK,
    closed,
    compose,
    delivering,
    heard_by,
    person_of,
    rows,
    tell,
    until,
)
from tests.channels.talking import NOON, MakeChannel
from tests.makers_chats import mark_of


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr("bot.sending.delivery.wait_before", lambda tries, *, jitter: timedelta(milliseconds=20))


@pytest.fixture(params=["telegram"])
def kind(request: pytest.FixtureRequest) -> str:
    """The worker is the same for both messengers."""
    return str(request.param)


async def test_notices_arrive_in_order_and_are_marked(
    channel: BotApiChannel, storage: Storage, emulator: Emulator
) -> None:
    one, other = await person_of(emulator), await person_of(emulator)
    await tell(storage, one, "یک", "یک و نیم")
    await tell(storage, one, "یادآوری", notice="reminder", lane=Lane.BULK)
    async with delivering(storage, channel):
        await tell(storage, one, "دو")
        await tell(storage, other, "سه")
        found = await until(storage, closed)
    assert heard_by(one) == ["یک", "یک و نیم", "دو", "یادآوری"] or heard_by(one) == ["یک", "یک و نیم", "یادآوری", "دو"]
    assert heard_by(other) == ["سه"]
    assert {row.state for row in found} == {DeliveryState.SENT}
    assert all(row.message_id and row.sent_at and row.tries == 1 for row in found)
    assert not emulator.violations


async def test_a_notice_wakes_an_idle_worker(channel: BotApiChannel, storage: Storage, emulator: Emulator,
                                             monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr("bot.sending.delivery.LOOK", 3600.0)
    person = await person_of(emulator)
    async with delivering(storage, channel):
        await asyncio.sleep(0.1)
        await tell(storage, person, "سلام")
        await until(storage, closed)
    assert heard_by(person) == ["سلام"]


async def test_a_sent_message_has_nothing_claimed_before_its_outcome_is_written(
    channel: BotApiChannel, storage: Storage, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    for name in ("claim", "mark_sent_many"):
        monkeypatch.setattr(outbox, name, _noted(getattr(outbox, name), done))
    monkeypatch.setattr("bot.sending.delivery.LOOK", 60.0)
    person = await person_of(emulator)

    await tell(storage, person, "یک")
    async with delivering(storage, channel):
        await until(storage, closed)

    # One that gets it and one that finds nothing more; a third would have been begun by the end of sending.
    assert done[: done.index("mark_sent_many")].count("claim") <= 2


def _noted(function: Callable[..., Any], done: list[str]) -> Callable[..., Any]:
    def noted(*args: Any, **given: Any) -> Any:
        done.append(function.__name__)
        return function(*args, **given)

    return noted


async def test_what_is_due_later_goes_later(channel: BotApiChannel, storage: Storage, emulator: Emulator,
                                            monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr("bot.sending.delivery.LOOK", 3600.0)
    person = await person_of(emulator)
    async with delivering(storage, channel):
        await tell(storage, person, "فردا", due_at=CLOCK.now() + timedelta(hours=20))
        await tell(storage, person, "کمی بعد", due_at=CLOCK.now() + timedelta(seconds=0.3))
        await until(storage, lambda found: found[1].state is DeliveryState.SENT)
    assert heard_by(person) == ["کمی بعد"]
    assert [row.state for row in await rows(storage)] == [DeliveryState.OPEN, DeliveryState.SENT]


async def test_the_untrue_is_dropped_and_the_broken_dies_alone(
    channel: BotApiChannel, storage: Storage, emulator: Emulator
) -> None:
    one, other, third = [await person_of(emulator) for _ in range(3)]
    await tell(storage, one, "x", notice="untrue")
    await tell(storage, other, "x", notice="broken")
    await tell(storage, third, "سلام")
    async with delivering(storage, channel):
        found = await until(storage, closed)
    assert [row.state for row in found] == [DeliveryState.DROPPED, DeliveryState.DEAD, DeliveryState.SENT]
    assert found[1].reason == "not put into words: LookupError"


async def test_a_blocked_chat_stops_alone_and_is_told(
    channel: BotApiChannel, storage: Storage, emulator: Emulator
) -> None:
    one, other = await person_of(emulator), await person_of(emulator)
    await one.block()
    await tell(storage, one, "سلام")
    await tell(storage, other, "سلام")
    async with delivering(storage, channel):
        found = await until(storage, closed)
    assert [(row.state, row.reason) for row in found] == [(DeliveryState.DEAD, "blocked"), (DeliveryState.SENT, None)]
    blocked = select(Conversation.chat_mark).where(~Conversation.reachable)
    gone = await storage.read(lambda session: list(session.scalars(blocked)))
    assert gone == [mark_of(Address("telegram", "111", str(one.id)))]


async def test_a_refused_text_is_a_dead_letter_with_its_reason(
    channel: BotApiChannel, storage: Storage, emulator: Emulator
) -> None:
    person = await person_of(emulator)
    emulator.faults.add("bad_request", method="sendMessage", times=1, description="Bad Request: CHAT_RESTRICTED")
    await tell(storage, person, "یک")
    await tell(storage, person, "دو")
    async with delivering(storage, channel):
        found = await until(storage, closed)
    assert [row.state for row in found] == [DeliveryState.DEAD, DeliveryState.SENT]
    assert found[0].reason == "400 CHAT_RESTRICTED"
    assert heard_by(person) == ["دو"]


class LateClock:
    """Each look at it is a second after the one before, as on a machine that stands still between."""

    def __init__(self) -> None:
        self._looks = 0

    def now(self) -> datetime:
        self._looks += 1
        return NOON + timedelta(seconds=self._looks)


async def test_what_becomes_due_behind_a_look_wakes_the_worker(
    channel: BotApiChannel, storage: Storage, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was due after the worker had claimed and before it asked what is due next: neither saw it."""
    monkeypatch.setattr("bot.sending.delivery.LOOK", 3600.0)
    person = await person_of(emulator)
    await tell(storage, person, "سلام", now=NOON, due_at=NOON + timedelta(seconds=1.5))
    worker = Deliverer(storage=storage, channel=channel, compose=compose, clock=LateClock(), pacer=channel.pacer)
    async with asyncio.timeout(10), Tasks() as tasks:
        tasks.start(worker.run(), name="delivery")
        await until(storage, closed)
    assert heard_by(person) == ["سلام"]


@pytest.mark.parametrize("fault", ["server_error", "reset", "bad_gateway"])
async def test_the_order_of_a_chat_holds_through_failures(
    channel: BotApiChannel, storage: Storage, emulator: Emulator, fault: str
) -> None:
    person = await person_of(emulator)
    emulator.faults.add(fault, method="sendMessage", times=7)
    for text in ("یک", "دو", "سه"):
        await tell(storage, person, text)
    async with delivering(storage, channel):
        found = await until(storage, closed)
    assert heard_by(person) == ["یک", "دو", "سه"]
    assert found[0].tries > 1


async def test_nothing_is_sent_to_a_refused_chat_before_its_pause_is_over(
    storage: Storage, emulator: Emulator, make_channel: MakeChannel
) -> None:
    channel = make_channel("telegram", pacer=Pacer())
    people = [await person_of(emulator) for _ in range(4)]
    emulator.faults.add("too_many_requests", method="sendMessage", times=1, retry_after=60)
    for person in people:
        await tell(storage, person, "سلام")
        await tell(storage, person, "باز هم سلام")
    async with delivering(storage, channel):
        found = await until(storage, lambda found: sum(row.state is DeliveryState.SENT for row in found) == 6)
        calls = len([call for call in emulator.calls if call.method == "sendMessage"])
        await asyncio.sleep(0.3)
        assert len([call for call in emulator.calls if call.method == "sendMessage"]) == calls == 7
    [refused] = [row for row in found if row.reason]
    assert timedelta(seconds=30) < refused.due_at - CLOCK.now() <= timedelta(seconds=60)
    waiting = {row.conversation_id for row in found if row.state is not DeliveryState.SENT}
    assert waiting == {refused.conversation_id}  # its second message waits behind the first


async def test_nothing_is_sent_before_the_pause_of_the_bot_is_over(
    storage: Storage, emulator: Emulator, make_channel: MakeChannel
) -> None:
    channel = make_channel("telegram", pacer=Pacer())
    people = [await person_of(emulator) for _ in range(SEVERAL + 1)]
    emulator.faults.add("too_many_requests", method="sendMessage", times=SEVERAL, retry_after=60)
    for person in people[:SEVERAL]:
        await tell(storage, person, "سلام")
    async with delivering(storage, channel):
        await until(storage, lambda found: all(row.reason for row in found))
        await tell(storage, people[-1], "سلام")
        await asyncio.sleep(0.3)
        assert len([call for call in emulator.calls if call.method == "sendMessage"]) == SEVERAL


class Noting(Pacer):
    """Notes by its own clock when each call went, so a busy machine changes nothing."""

    def __init__(self, per_second: int) -> None:
        super().__init__(per_second=per_second)
        self.went: list[float] = []

    async def take(self, chat: str, *, share: float = 1.0, patience: float = math.inf) -> None:
        await super().take(chat, share=share, patience=patience)
        self.went.append(self._moments[-1])


async def test_the_pace_is_kept(storage: Storage, emulator: Emulator, make_channel: MakeChannel) -> None:
    pacer = Noting(per_second=12)
    channel = make_channel("telegram", pacer=pacer)
    people = [await person_of(emulator) for _ in range(25)]
    for person in people:
        await tell(storage, person, "سلام")
    async with delivering(storage, channel):
        await until(storage, closed)
    assert len(pacer.went) == len([call for call in emulator.calls if call.method == "sendMessage"]) == 25
    assert max(sum(1 for other in pacer.went if at <= other < at + 1) for at in pacer.went) <= 12


async def test_a_worker_that_was_stopped_marks_what_it_sent(
    channel: BotApiChannel, storage: Storage, emulator: Emulator
) -> None:
    person = await person_of(emulator)
    emulator.faults.add("hang", method="sendMessage", seconds=0.2, times=1)
    await tell(storage, person, "یک")
    await tell(storage, person, "دو")
    async with delivering(storage, channel):
        await emulator.called(lambda call: call.method == "sendMessage")
    async with delivering(storage, channel):
        await until(storage, closed)
    assert heard_by(person) == ["یک", "دو"]


def failing(storage: Storage, monkeypatch: pytest.MonkeyPatch, *, verb: str, times: int, slow: float = 0.0) -> None:
    """Let the database not be there the next `times` that it is asked to read or write."""
    asked = getattr(Storage, verb)
    left = [times]

    async def answer(self: Storage, *args: Any, **kwargs: Any) -> Any:
        if self is storage and left[0] > 0:
            left[0] -= 1
            await asyncio.sleep(slow)
            raise ConnectionRefusedError
        return await asked(self, *args, **kwargs)

    monkeypatch.setattr(Storage, verb, answer)


async def test_a_database_that_is_away_for_a_moment_kills_no_message(
    channel: BotApiChannel, storage: Storage, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sending.delivery.SOON", timedelta(milliseconds=20))
    person, other = await person_of(emulator), await person_of(emulator)
    await tell(storage, person, "یک")
    await tell(storage, other, "دو")
    worker = Deliverer(storage=storage, channel=channel, compose=compose, clock=CLOCK, pacer=channel.pacer)
    failing(storage, monkeypatch, verb="read", times=3)
    async with Tasks() as tasks:
        tasks.start(worker.run(), name="delivery")
        found = await until_written(storage, lambda rows: all(row.state is DeliveryState.SENT for row in rows))
    assert all(row.tries > 1 for row in found)
    assert (heard_by(person), heard_by(other)) == (["یک"], ["دو"])


async def until_written(storage: Storage, told: Callable[[list[OutboxMessage]], bool]) -> list[OutboxMessage]:
    """As `until`, by writing transactions, which here go on."""

    def look(session: WriteSession) -> list[OutboxMessage]:
        return list(session.query(OutboxMessage).order_by(OutboxMessage.id))

    async with asyncio.timeout(60):
        while not told(found := await storage.write(look)):
            await asyncio.sleep(0.05)
    return found


async def test_what_was_sent_is_not_sent_again_when_the_database_goes_away_for_a_while(
    channel: BotApiChannel, storage: Storage, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sending.delivery.LOOK", 0.05)
    people = [await person_of(emulator) for _ in range(5)]
    for person in people:
        await tell(storage, person, "یک")
    emulator.faults.add("hang", method="sendMessage", seconds=0.3)
    async with delivering(storage, channel):
        await emulator.called(lambda call: call.method == "sendMessage")
        failing(storage, monkeypatch, verb="write", times=8, slow=0.1)
        await until(storage, closed)
    assert [heard_by(person) for person in people] == [["یک"]] * 5
    assert {row.tries for row in await rows(storage)} == {1}


async def test_a_stop_while_outcomes_are_written_loses_none(
    channel: BotApiChannel, storage: Storage, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await person_of(emulator)
    await tell(storage, person, "یک")
    writing = asyncio.Event()
    asked = Storage.write

    async def slowly(self: Storage, action: Any, *args: Any, **kwargs: Any) -> Any:
        if getattr(action, "__name__", "") == "_mark" and not writing.is_set():
            writing.set()
            await asyncio.sleep(3600)
        return await asked(self, action, *args, **kwargs)

    monkeypatch.setattr(Storage, "write", slowly)
    async with delivering(storage, channel):
        await asyncio.wait_for(writing.wait(), 60)
    assert [row.state for row in await rows(storage)] == [DeliveryState.SENT]


async def test_a_reply_that_never_goes_through_is_given_up_after_a_day(
    channel: BotApiChannel, storage: Storage, emulator: Emulator
) -> None:
    person = await person_of(emulator)
    emulator.faults.add("server_error", method="sendMessage", times=6)
    yesterday = CLOCK.now() - timedelta(hours=25)
    await tell(storage, person, "قدیم", due_at=yesterday, now=yesterday)
    await tell(storage, person, "تازه")
    async with delivering(storage, channel):
        found = await until(storage, closed)
    assert [row.state for row in found] == [DeliveryState.DEAD, DeliveryState.SENT]
    assert found[0].reason is not None
    assert heard_by(person) == ["تازه"]
