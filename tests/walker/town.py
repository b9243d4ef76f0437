"""The town a walker walks in: both messengers emulated, the demo desk behind them, and the bot as a process runs it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import exists, or_, select, tuple_
from sqlalchemy.orm import aliased

from bot.channels import calling
from bot.running.tasks import Tasks
from desk.calendar import local_day_of
from desk.outbox import actions as outbox
from desk.outbox.models import OutboxMessage
from desk.outbox.quiet import is_quiet
from desk.outbox.rules import DeliveryState, Lane
from desk.seed import load
from desk.storage.base import ReadSession, WriteSession
from emulator import HARSH, BotAccount, Emulator
from mizban.jobs import Jobs
from mizban.parts import Parts, build
from mizban.settings import InstalledSettings

MONDAY_MORNING = datetime(2026, 11, 23, 5, 30, tzinfo=UTC)
TOKENS = {"telegram": "111:AAA", "bale": "222:BBB"}
PASSWORD = "a password for the walkers' staff"
POST_TIMEOUT = 60.0
"""Seconds for everything that is due in the outbox."""


@dataclass
class MovedClock:
    """Stands still until a walk moves it."""

    moment: datetime = MONDAY_MORNING

    def now(self) -> datetime:
        return self.moment


@dataclass
class Town:
    """Everything at work, at one moment that only `pass_time` moves."""

    parts: Parts
    emulator: Emulator
    clock: MovedClock
    jobs: Jobs

    async def pass_time(self, by: timedelta) -> None:
        """Let time pass: holds run out, days lapse, reminders fall due."""
        self.clock.moment += by
        for job in self.jobs.all():
            await job.run()
        await self.parts.storage.write(_wake_the_post)

    async def post(self) -> None:
        """Wait until nothing that is due is left in the outbox. Raises TimeoutError."""
        async with asyncio.timeout(POST_TIMEOUT):
            while await self._has_post():
                await asyncio.sleep(0.01)

    async def _has_post(self) -> bool:
        return await self.parts.storage.read(_is_something_due, now=self.clock.now())


def _is_something_due(session: ReadSession, *, now: datetime) -> bool:
    """Also what has been claimed and is on its way. The demonstration's invented people are of no bot at work here.

    Not what waits for a time that only `pass_time` brings: for the morning, or behind one that is tried again later.
    """
    here = [token.partition(":")[0] for token in TOKENS.values()]
    first = aliased(OutboxMessage)
    is_held = (
        exists()
        .where(first.conversation_id == OutboxMessage.conversation_id)
        .where(tuple_(first.lane, first.id) < tuple_(OutboxMessage.lane, OutboxMessage.id))
        .where(first.is_open, first.state == DeliveryState.OPEN, first.tries > 0, first.due_at > now)
    )
    due = select(OutboxMessage.id).where(OutboxMessage.is_open, OutboxMessage.due_at <= now)
    if is_quiet(now):
        due = due.where(or_(OutboxMessage.lane == Lane.REPLY, OutboxMessage.state == DeliveryState.CLAIMED))
    return session.scalar(due.where(OutboxMessage.bot.in_(here), ~is_held).limit(1)) is not None


def _wake_the_post(session: WriteSession) -> None:
    session.announce(outbox.TOPIC)


@asynccontextmanager
async def running_town(database_url: str, home: Path) -> AsyncIterator[Town]:
    """Seed an empty, migrated database and run the bot over it, by long polling, until the end of the block."""
    clock = MovedClock()

    def seconds() -> float:
        return clock.moment.timestamp()

    accounts = [
        BotAccount("telegram", TOKENS["telegram"], username="t_bot"),
        BotAccount("bale", TOKENS["bale"], username="b_bot", gaps=HARSH),
    ]
    async with Emulator(bots=accounts, clock=seconds) as emulator:
        settings = InstalledSettings(
            home=home,
            database_url=database_url,
            telegram_token=SecretStr(TOKENS["telegram"]),
            telegram_api_url=emulator.url,
            bale_token=SecretStr(TOKENS["bale"]),
            bale_api_url=emulator.url,
        )
        parts = build(settings, clock=clock)
        for bot in parts.bots:
            bot.pacer.per_second = None
        async with parts.storage, Tasks() as tasks:
            today = local_day_of(clock.now()).date
            await parts.storage.write(load, today=today, now=clock.now(), demo=True, demo_password=PASSWORD)
            for name, delivery in parts.deliveries():
                tasks.keep(delivery.run, name=f"delivery {name}")
            for bot in parts.bots:
                tasks.start(bot.channel.start(), name=f"start {bot.channel.name}")
                tasks.keep(partial(bot.channel.poll, parts.polled(bot.channel)), name=f"polling {bot.channel.name}")
            try:
                yield Town(parts, emulator, clock, Jobs(storage=parts.storage, clock=clock))
            finally:
                await parts.hearing.close(patience=5)
                await tasks.stop()
                for bot in parts.bots:
                    await bot.channel.stop()


def hurry() -> tuple[object, str, float]:
    """What a test patches so that tries after a fault do not wait: object, name, value."""
    return calling, "FIRST_PAUSE", 0.01
