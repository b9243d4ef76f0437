"""A worker that delivers, what it has to deliver, and what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from bot.channels.bot_api import BotApiChannel
from bot.dialogue.says import Says
from bot.running.tasks import Tasks
from bot.sending.delivery import Composed, Deliverer
from desk.clock import steady
from desk.language.text import Locale
from desk.outbox import actions as outbox
from desk.outbox.models import OutboxMessage
from desk.outbox.rows import Claimed
from desk.storage.base import ReadSession
from desk.storage.engine import Storage
from emulator import EmulatedPerson, Emulator
from tests.channels.talking import NOON, fa
from tests.makers_chats import recipient


class RunningClock:
    """Goes on with the machine, as leases and due times need it, from a noon on: at night reminders wait."""

    def __init__(self) -> None:
        self._begun = steady()

    def now(self) -> datetime:
        return NOON + timedelta(seconds=steady() - self._begun)


CLOCK = RunningClock()


def compose(session: ReadSession, message: Claimed) -> Composed | None:
    """Says the words of the test."""
    if message.notice == "untrue":
        return None
    if message.notice == "broken":
        raise LookupError(message.notice)
    return Composed(tuple(Says(fa(text)) for text in message.params["texts"]), Locale.FA)


async def person_of(emulator: Emulator) -> EmulatedPerson:
    person = emulator.person("telegram", first_name="نوید")
    await person.start()
    return person


async def tell(storage: Storage, person: EmulatedPerson, *texts: str, notice: str = "ticket", **given: Any) -> None:
    now = given.pop("now", CLOCK.now())
    key = f"{person.id}:{notice}:{'|'.join(texts)}:{given}"
    to = await storage.write(recipient, "telegram", "111", str(person.id))
    await storage.write(
        outbox.enqueue,
        **{"idem_key": key, "to": to, "notice": notice, "params": {"texts": texts}, "due_at": now, "now": now, **given},
    )


async def rows(storage: Storage) -> list[OutboxMessage]:
    return await storage.read(lambda session: list(session.query(OutboxMessage).order_by(OutboxMessage.id)))


async def until(storage: Storage, told: Callable[[list[OutboxMessage]], bool]) -> list[OutboxMessage]:
    """The outbox once it is as told; fails after a minute."""
    async with asyncio.timeout(60):
        while not told(found := await rows(storage)):
            await asyncio.sleep(0.02)
    return found


def closed(found: list[OutboxMessage]) -> bool:
    return not any(row.is_open for row in found)


@asynccontextmanager
async def delivering(storage: Storage, channel: BotApiChannel, **given: Any) -> AsyncIterator[Deliverer]:
    worker = Deliverer(storage=storage, channel=channel, compose=compose, clock=CLOCK, pacer=channel.pacer, **given)
    async with Tasks() as tasks:
        tasks.start(worker.run(), name="delivery")
        yield worker


def heard_by(person: EmulatedPerson) -> list[str]:
    return [shown.text for shown in person.screen.messages if not shown.mine]
