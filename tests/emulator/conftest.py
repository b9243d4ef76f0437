"""An emulator with one bot per messenger, and a plain client that calls the Bot API as a bot would."""

import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from emulator import BotAccount, Emulator

TELEGRAM_TOKEN = "111111:AAA_telegram-token"
BALE_TOKEN = "222222:BBB_bale-token"


@dataclass(frozen=True)
class Answer:
    """Status and body of one call."""

    status: int
    body: dict[str, Any]

    @property
    def result(self) -> Any:
        """The result of a call that went well."""
        assert self.body.get("ok") is True, self.body
        return self.body["result"]

    @property
    def why(self) -> str:
        """The description of a refusal."""
        assert self.body.get("ok") is False, self.body
        return str(self.body["description"])


class Api:
    """Calls of one bot."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        self.session = session
        self.base = f"{url}/bot{token}"
        self.files = f"{url}/file/bot{token}"

    async def __call__(self, method: str, **params: Any) -> Answer:
        """Call a method with urlencoded parameters, structures as JSON strings."""
        shaped = {k: v if isinstance(v, str) else json.dumps(v) for k, v in params.items()}
        async with self.session.post(f"{self.base}/{method}", data=shaped) as response:
            return Answer(response.status, await response.json())

    async def native(self, method: str, **params: Any) -> Answer:
        """Call a method with a JSON body."""
        async with self.session.post(f"{self.base}/{method}", json=params) as response:
            return Answer(response.status, await response.json())

    async def upload(self, method: str, field: str, content: bytes, *, name: str = "a.jpg", **params: str) -> Answer:
        """Call a method with one file."""
        form = aiohttp.FormData()
        for key, value in params.items():
            form.add_field(key, value)
        form.add_field(field, io.BytesIO(content), filename=name)
        async with self.session.post(f"{self.base}/{method}", data=form) as response:
            return Answer(response.status, await response.json())

    async def updates(self, **params: Any) -> list[dict[str, Any]]:
        """Fetch updates."""
        return list((await self("getUpdates", **params)).result)


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    bots = [
        BotAccount("telegram", TELEGRAM_TOKEN, username="t_bot"),
        BotAccount("bale", BALE_TOKEN, username="b_bot"),
    ]
    async with Emulator(bots=bots, webhook_back_off=(0.02,)) as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def telegram(emulator: Emulator, session: aiohttp.ClientSession) -> Api:
    return Api(session, emulator.url, TELEGRAM_TOKEN)


@pytest.fixture
def bale(emulator: Emulator, session: aiohttp.ClientSession) -> Api:
    return Api(session, emulator.url, BALE_TOKEN)
