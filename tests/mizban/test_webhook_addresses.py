"""A process tells the messengers the new address of its webhook when the old one's week is over."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from bot.receiving.ingress import ADDRESS_LIVES, Webhooks
from bot.receiving.lanes import Lanes
from bot.running.tasks import Tasks
from mizban import process
from mizban.health import Health
from mizban.process import Running
from tests.channels.talking import FixedClock


class ToldAddresses:
    """What a running process needs to register the webhook of one bot that only remembers what it is told."""

    name, bot = "telegram", "111"

    def __init__(self) -> None:
        self.clock = FixedClock()
        self.addresses: list[str] = []
        self.told = asyncio.Event()

    def webhooks(self) -> dict[str, Any]:
        hooks: Any = Webhooks([self], hears=None, lanes=Lanes(), secret_key=b"k", clock=self.clock)  # type: ignore[list-item,arg-type]  # a stand-in
        return {self.name: hooks}

    async def register_webhook(self, name: str) -> None:
        await self.webhooks()[name].register("https://desk.test/hooks/telegram")

    async def set_webhook(self, url: str, *, secret: str) -> None:
        self.addresses.append(url)
        self.told.set()


async def test_the_next_week_has_another_address_and_the_messenger_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "LOOK_AT_ADDRESS", 0.001)
    parts = ToldAddresses()
    running: Any = SimpleNamespace(parts=parts, health=Health(storage=None, role="serve"))  # type: ignore[arg-type]
    running._registered = lambda name: Running._registered(running, name)
    async with Tasks() as tasks:
        tasks.start(Running._register(running, parts.name), name="register")
        await parts.told.wait()
        parts.told.clear()
        parts.clock.at += ADDRESS_LIVES
        await asyncio.wait_for(parts.told.wait(), 60)
        await tasks.stop()

    first, second = parts.addresses
    assert first != second
