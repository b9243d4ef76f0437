"""Fixtures of the messengers: the emulator of both over real HTTP, and a started channel for each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bot.channels.bot_api import BotApiChannel
from desk.language.language import Language
from emulator import HARSH, BotAccount, Emulator
from tests.channels.talking import TOKENS, MakeChannel, channel_for


@pytest.fixture(scope="session")
def language() -> Language:
    """The language of the repository."""
    return Language.load()


@pytest_asyncio.fixture
async def emulator() -> AsyncIterator[Emulator]:
    """Both messengers; Bale with every gap it has ever been seen to leave."""
    accounts = [
        BotAccount("telegram", TOKENS["telegram"], username="t_bot"),
        BotAccount("bale", TOKENS["bale"], username="b_bot", gaps=HARSH),
    ]
    async with Emulator(bots=accounts, webhook_back_off=(0.02, 0.05)) as started:
        yield started


@pytest.fixture(params=["telegram", "bale"])
def kind(request: pytest.FixtureRequest) -> str:
    """The test runs on each messenger."""
    return str(request.param)


@pytest_asyncio.fixture
async def make_channel(emulator: Emulator, language: Language) -> AsyncIterator[MakeChannel]:
    """Makes channels of ours, at the emulator unless another `url` is given, and stops them whatever the test does."""
    made: list[BotApiChannel] = []

    def make(kind: str, *, url: str | None = None, **given: Any) -> BotApiChannel:
        made.append(channel_for(kind, url or emulator.url, language, **given))
        return made[-1]

    yield make
    for channel in made:
        await channel.stop()


@pytest_asyncio.fixture
async def channel(kind: str, make_channel: MakeChannel) -> BotApiChannel:
    """A started channel."""
    made = make_channel(kind)
    await made.start()
    return made
