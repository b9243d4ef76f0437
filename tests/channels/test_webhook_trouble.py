"""A channel reports a messenger that cannot deliver updates, and not one that fails for a moment."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from bot.channels import bot_api
from bot.channels.bot_api import SILENT, BotApiChannel
from desk.clock import now
from emulator import Emulator
from tests.channels.talking import MakeChannel
from tests.channels.test_ingress import UPDATE

NOBODY = "http://127.0.0.1:9/hook"
"""An address at which nobody listens."""


class Passing:
    """The clocks of a channel, which stand until they are put forward: the wall's and the one of durations."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self._begun = now()

    def now(self) -> datetime:
        """The wall's, beside the emulator's, which goes and is not put forward."""
        return self._begun + timedelta(seconds=self.ahead)

    def steady(self) -> float:
        """For durations."""
        return 1000.0 + self.ahead


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> Passing:
    """The clocks of `channel`."""
    clocks = Passing()
    monkeypatch.setattr(bot_api, "steady", clocks.steady)
    return clocks


@pytest_asyncio.fixture
async def channel(kind: str, make_channel: MakeChannel, passing: Passing) -> BotApiChannel:
    """A channel that lives by `passing`."""
    made = make_channel(kind, clock=passing)
    await made.start()
    return made


async def one_waits(emulator: Emulator, kind: str, channel: BotApiChannel) -> None:
    """Somebody has written, and the messenger failed to bring it."""
    await channel.set_webhook(NOBODY, secret="s")
    await emulator.person(kind, first_name="نوید").say("سلام")
    while not emulator.bot(kind).webhook.state.last_error_date:
        await asyncio.sleep(0.01)


async def test_updates_that_are_not_brought_are_told_after_a_while(
    channel: BotApiChannel, kind: str, emulator: Emulator, passing: Passing
) -> None:
    await one_waits(emulator, kind, channel)
    passing.ahead = SILENT - 5
    assert await channel.webhook_trouble() is None, "the messenger has hardly had time to try"
    passing.ahead = SILENT + 5
    trouble = await channel.webhook_trouble()
    if kind == "bale":  # it tells its address only
        assert trouble is None
    else:
        assert trouble is not None
        assert trouble.startswith("1 updates wait")


async def test_an_error_from_before_the_last_update_is_over(
    channel: BotApiChannel, kind: str, emulator: Emulator, passing: Passing
) -> None:
    await one_waits(emulator, kind, channel)
    passing.ahead = 3600
    channel.read(UPDATE)
    passing.ahead += SILENT + 5
    assert await channel.webhook_trouble() is None


async def test_while_updates_come_nothing_ails(
    channel: BotApiChannel, kind: str, emulator: Emulator, passing: Passing
) -> None:
    await one_waits(emulator, kind, channel)
    passing.ahead = SILENT * 10
    channel.read(UPDATE)
    assert await channel.webhook_trouble() is None


@pytest.mark.parametrize("fault", ["server_error", "too_many_requests"])
async def test_a_messenger_that_hiccups_is_no_trouble_of_ours(
    channel: BotApiChannel, kind: str, emulator: Emulator, passing: Passing, fault: str
) -> None:
    emulator.faults.add(fault, bot=kind, method="getWebhookInfo")
    assert await channel.webhook_trouble() is None
    passing.ahead = SILENT + 5
    trouble = await channel.webhook_trouble()
    assert trouble is not None
    assert trouble.startswith("no answer for 9")
    emulator.faults.clear()
    assert await channel.webhook_trouble() is None
    emulator.faults.add(fault, bot=kind, method="getWebhookInfo")
    assert await channel.webhook_trouble() is None, "it had answered meanwhile"


async def test_a_refused_token_is_told_at_once(channel: BotApiChannel, kind: str, emulator: Emulator) -> None:
    emulator.faults.add("not_found", bot=kind, method="getWebhookInfo")
    trouble = await channel.webhook_trouble()
    assert trouble is not None
    assert trouble.startswith("refused with 404")
