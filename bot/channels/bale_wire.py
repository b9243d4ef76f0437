"""Calls Bale through python-telegram-bot: requests, uploads, and repair of Bale's answers before PTB reads them."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import AsyncIterator
from functools import cache
from http import HTTPStatus
from typing import Any, Final

from telegram import Bot, InputFile
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.channels.bot_api import CHUNK, CONNECT_TIMEOUT, TIMEOUT
from bot.channels.calling import Params, SentFile, failure
from bot.channels.port import SendingFailed

SERVER: Final = "https://tapi.bale.ai"
POOL: Final = 64
TOO_MANY: Final = ("bot limit exceed", "local_rate_limited")
"""Older texts of Bale for 429, sent without a number."""

# httpx logs every address at INFO, and the address holds the token; PTB prints bodies that it cannot read.
for noisy in ("httpx", "httpcore", "telegram"):
    logging.getLogger(noisy).setLevel(logging.CRITICAL)


class BaleRequest(HTTPXRequest):
    """A request whose answer PTB can read: every failure has a status, every success a result.

    Without this PTB takes a 404 for a wrong token, loses the reason of a 200 with "ok": false, and fails on a success
    without "result"; Bale sends all three.
    """

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make the request; `failure` raises the error, with the status that was sent."""
        status, content = await super().do_request(*args, **kwargs)
        answer = _object(content)
        if answer is None:
            raise _Told(failure(max(status, HTTPStatus.INTERNAL_SERVER_ERROR), "not JSON"))
        if status < 300 and answer.get("ok") is not False:
            return status, content if "result" in answer else json.dumps({**answer, "result": None}).encode()
        raise _Told(_refusal(status, answer))

    def stream(self, url: str) -> Any:
        """Open a download; the caller reads it in an `async with`."""
        return self._client.stream("GET", url)


@cache
def _endpoint(method: str) -> str:
    """A spelling of the method that PTB does not match with its own functions, and that it converts back.

    For its own functions it warns on every call that it would rather build objects, which Bale's answers do not fit.
    """
    return re.sub("(?=[A-Z])", "_", method)


def _upload(name: str, value: Any) -> Any:
    if isinstance(value, SentFile):
        return InputFile(value.content, filename=value.name)
    return InputFile(value, filename=f"{name}.png") if isinstance(value, bytes) else value


class _Told(TelegramError):
    """Carries a SendingFailed through PTB, which does not change its own errors."""

    def __init__(self, failed: SendingFailed) -> None:
        super().__init__(failed.reason)
        self.failed = failed


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(content)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def _refusal(status: int, answer: dict[str, Any]) -> SendingFailed:
    description = str(answer.get("description") or "")
    code = answer.get("error_code") if status < 400 else status
    if any(text in description for text in TOO_MANY):
        code = HTTPStatus.TOO_MANY_REQUESTS
    parameters = answer.get("parameters")
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
    number = code if isinstance(code, int) and code >= 400 else int(HTTPStatus.BAD_GATEWAY)
    return failure(number, description, retry_after=float(wait) if isinstance(wait, int | float) else None)


class BaleWire:
    """The connection to Bale, or to an emulator of it at `api_url`."""

    def __init__(self, *, token: str, api_url: str = "", proxy: str = "") -> None:
        server = (api_url or SERVER).rstrip("/")
        self._files = f"{server}/file/bot{token}/"

        def request(pool: int) -> BaleRequest:
            return BaleRequest(
                connection_pool_size=pool,
                read_timeout=TIMEOUT,
                write_timeout=TIMEOUT,
                connect_timeout=CONNECT_TIMEOUT,
                pool_timeout=TIMEOUT,
                proxy=proxy or None,
            )

        self._request = request(POOL)
        self._polling = request(2)
        self.bot = Bot(
            token,
            base_url=f"{server}/bot",
            base_file_url=f"{server}/file/bot",
            request=self._request,
            get_updates_request=self._polling,
        )

    async def __call__(self, method: str, params: Params, /, *, timeout: float = TIMEOUT) -> Any:
        """Call a method by its name in the Bot API; bytes or a file become an upload of that name."""
        given = {name: _upload(name, value) for name, value in params.items()}
        try:
            return await self.bot.do_api_request(_endpoint(method), api_kwargs=given, read_timeout=timeout)
        except _Told as told:
            raise told.failed from None
        except TelegramError as error:
            raise SendingFailed(f"no answer: {type(error).__name__}") from None
        except Exception as error:
            raise SendingFailed(f"no answer: {type(error).__name__}") from None

    async def file(self, path: str) -> AsyncIterator[bytes]:
        """Stream a file by the path that getFile told."""
        try:
            async with self._request.stream(self._files + path) as response:
                if response.status_code != HTTPStatus.OK:
                    raise failure(response.status_code, "the file did not come")
                async for chunk in response.aiter_bytes(CHUNK):
                    yield chunk
        except SendingFailed:
            raise
        except Exception as error:
            raise SendingFailed(f"the file did not come: {type(error).__name__}") from None

    async def close(self) -> None:
        """Close the connections."""
        await self._request.shutdown()
        await self._polling.shutdown()
