"""The outbox under concurrent workers and random histories: nothing twice under a lease, the order of each chat
kept."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import String, cast, select, update

from desk.conversations.models import ChatCounter, Conversation
from desk.outbox import actions
from desk.outbox.models import OutboxMessage
from desk.outbox.rows import Claimed, SentTo
from desk.outbox.rules import LEASE, DeliveryState, Lane
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.storage.upsert import table_of
from tests.keys import KEYS
from tests.makers import NOW
from tests.makers_cases import put_message
from tests.sqlite_file import open_sqlite

_messages = table_of(OutboxMessage)
CHATS = 6
EACH = 8

Claim = Callable[..., list[Claimed]]


def fill(session: WriteSession) -> None:
    for number in range(EACH):
        for chat in range(CHATS):
            put_message(session, chat=str(chat), notice=str(number))


def claim_without_guard(session: WriteSession, *, channel: str, bot: str, limit: int, now: datetime) -> list[Claimed]:
    """Without the guard: what is due, with no lock, no lease and no look at the chat."""
    m = _messages.c
    rows = session.execute(
        select(
            m.id,
            m.channel,
            m.bot,
            m.conversation_id,
            cast(m.conversation_id, String).label("chat"),
            m.lane,
            m.notice,
            m.params,
            m.about,
            m.tries,
            m.due_at,
            m.created_at,
            m.instead_of,
        )
        .where(m.is_open, m.due_at <= now, m.channel == channel, m.bot == bot)
        .order_by(m.id)
        .limit(limit)
    ).all()
    session.execute(update(_messages).where(m.id.in_([row.id for row in rows])).values(tries=m.tries + 1))
    return [Claimed(**row._mapping, lease_until=now) for row in rows]


async def deliver(storage: Storage, claim: Claim, *, workers: int) -> dict[str, list[str]]:
    """Several workers empty the outbox; what arrived in each chat, in order of arrival."""
    arrived: dict[str, list[str]] = defaultdict(list)

    async def work(number: int) -> None:
        idle = 0
        while idle < 5:
            batch = await storage.write(claim, channel="telegram", bot="mizban", limit=4, now=NOW)
            idle = 0 if batch else idle + 1
            for message in sorted(batch, key=lambda message: (message.id * (number + 7)) % 5):
                await asyncio.sleep(0)
                arrived[message.chat].append(message.notice)
            await storage.write(actions.mark_sent_many, sent=[SentTo(message.id, None) for message in batch], now=NOW)

    await storage.write(fill)
    await asyncio.gather(*(work(number) for number in range(workers)))
    return arrived


IN_ORDER = [str(number) for number in range(EACH)]


async def test_several_workers_send_each_message_once_and_in_order(storage: Storage) -> None:
    arrived = await deliver(storage, actions.claim, workers=4)
    assert arrived == {str(chat): IN_ORDER for chat in range(CHATS)}


async def test_without_the_guard_the_same_check_fails(storage: Storage) -> None:
    arrived = await deliver(storage, claim_without_guard, workers=4)
    assert any(seen != IN_ORDER for seen in arrived.values())


@pytest.mark.postgres
async def test_rivals_never_hold_two_messages_of_one_chat(storage: Storage) -> None:
    await storage.write(fill)
    batches = await asyncio.gather(
        *(storage.write(actions.claim, channel="telegram", bot="mizban", limit=3, now=NOW) for _ in range(6))
    )
    chats = Counter(message.chat for batch in batches for message in batch)
    assert chats == dict.fromkeys((str(chat) for chat in range(CHATS)), 1)


@dataclass
class Expected:
    """One message as the model sees it."""

    chat: str
    lane: Lane
    due_at: datetime
    lease_until: datetime | None = None
    is_open: bool = True
    tries: int = 0


@dataclass
class Model:
    """What the outbox should do, written as plainly as possible."""

    messages: dict[int, Expected] = field(default_factory=dict)

    def under_way(self, chat: str, now: datetime) -> bool:
        return any(
            known.is_open and known.chat == chat and known.lease_until is not None and known.lease_until > now
            for known in self.messages.values()
        )

    def claim(self, limit: int, now: datetime) -> list[int]:
        first: dict[str, int] = {}
        # One that was put back after a failure still goes before what was written after it.
        due = {
            number: known
            for number, known in self.messages.items()
            if known.is_open and (known.due_at <= now or known.tries)
        }
        for number, known in sorted(due.items(), key=lambda item: (item[1].lane, item[0])):
            if not self.under_way(known.chat, now):
                first.setdefault(known.chat, number)
        ready = [number for number in first.values() if due[number].due_at <= now]
        taken = sorted(ready, key=lambda number: (due[number].lane, due[number].due_at, number))[:limit]
        for number in taken:
            due[number].lease_until = now + LEASE
            due[number].tries += 1
        return taken


class OutboxHistory(RuleBasedStateMachine):
    """Enqueue, claim, send, fail, crash and wait in any order; the database does what the model does."""

    @initialize()
    def open(self) -> None:
        self.engine = open_sqlite(":memory:")
        for table in (table_of(ChatCounter), table_of(Conversation), _messages):
            table.create(self.engine)
        self.session = WriteSession(self.engine, info={"keys": KEYS})
        self.model = Model()
        self.now = NOW
        self.held: list[int] = []

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.session.close()
            self.engine.dispose()

    @rule(chat=st.sampled_from("abc"), lane=st.sampled_from(Lane), wait=st.sampled_from([0, 0, 0, 5, 90]))
    def enqueue(self, chat: str, lane: Lane, wait: int) -> None:
        due_at = self.now + timedelta(seconds=wait)
        number = len(self.model.messages) + 1
        assert put_message(self.session, key=f"m{number}", chat=chat, lane=lane, due_at=due_at, now=self.now)
        self.model.messages[number] = Expected(chat, lane, due_at)

    @rule(limit=st.integers(1, 4))
    def claim(self, limit: int) -> None:
        batch = actions.claim(self.session, channel="telegram", bot="mizban", limit=limit, now=self.now)
        assert [message.id for message in batch] == self.model.claim(limit, self.now)
        assert [message.tries for message in batch] == [self.model.messages[message.id].tries for message in batch]
        self.held += [message.id for message in batch]

    @precondition(lambda self: self.held)
    @rule(which=st.integers(0, 20))
    def send(self, which: int) -> None:
        number = self.held.pop(which % len(self.held))
        actions.mark_sent(self.session, id=number, message_id="1", now=self.now)
        self.model.messages[number].is_open = False

    @precondition(lambda self: self.held)
    @rule(which=st.integers(0, 20), wait=st.sampled_from([1, 30]))
    def fail(self, which: int, wait: int) -> None:
        number = self.held.pop(which % len(self.held))
        again = self.now + timedelta(seconds=wait)
        known = self.model.messages[number]
        actions.put_back(self.session, id=number, reason="500", due_at=again, now=again)
        if known.is_open and known.lease_until is not None:
            known.lease_until, known.due_at = None, again

    @rule()
    def crash(self) -> None:
        """The worker forgets what it held; only the leases know."""
        self.held.clear()

    @rule(seconds=st.sampled_from([1, 20, 61]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @invariant()
    def open_means_open_or_claimed(self) -> None:
        if not hasattr(self, "session"):
            return
        rows = self.session.execute(select(_messages.c.id, _messages.c.is_open, _messages.c.state)).all()
        assert {row.id: row.is_open for row in rows} == {
            number: known.is_open for number, known in self.model.messages.items()
        }
        assert all(row.is_open == (row.state in (DeliveryState.OPEN, DeliveryState.CLAIMED)) for row in rows)


TestOutboxHistory = OutboxHistory.TestCase
TestOutboxHistory.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
