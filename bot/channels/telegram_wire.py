"""Calls Telegram through aiogram: JSON bodies, raw results, its connections, proxies and exceptions."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from functools import cache
from typing import Any, Final

from aiohttp import ClientError, ClientTimeout, FormData

from bot.channels.aiogram_parts import PRODUCTION, AiohttpSession, Bot, TelegramAPIServer
from bot.channels.bot_api import CHUNK, CONNECT_TIMEOUT, TIMEOUT
from bot.channels.calling import Params, SentFile, failure
from bot.channels.port import SendingFailed

_JSON: Final = {"Content-Type": "application/json"}


class RawSession(AiohttpSession):
    """aiogram's connections and proxies, for parameters that are complete and results as they came.

    Its way from a method to its result builds an object of each, with copies and middlewares between: together more
    than sending takes. Only the id of a result is used, and a relay may leave out what a model demands.
    """

    async def close(self) -> None:
        """Close the connections. aiohttp itself waits for the encrypted ones; aiogram sleeps besides."""
        if self._session is not None:
            await self._session.close()

    async def call(self, token: str, method: str, params: Params, *, timeout: float) -> Any:
        """The result of a call. Raises SendingFailed."""
        session = await self.create_session()
        body: dict[str, Any]
        if any(isinstance(value, bytes | SentFile) for value in params.values()):
            body = {"data": _form(params)}
        else:
            body = {"data": json.dumps(params, ensure_ascii=False).encode(), "headers": _JSON}
        url = self.api.api_url(token=token, method=method)
        try:
            async with session.post(url, timeout=_limit(timeout), **body) as response:
                return _result(response.status, await response.read())
        except TimeoutError:
            raise SendingFailed("no answer: timed out") from None
        except ClientError as error:
            # The error's text may hold the address, and the address holds the token.
            raise SendingFailed(f"no answer: {type(error).__name__}") from None


@cache
def _limit(seconds: float) -> ClientTimeout:
    return ClientTimeout(total=seconds, sock_connect=CONNECT_TIMEOUT)


def _form(params: Params) -> FormData:
    """The parameters as a form, an upload under its own name."""
    form = FormData(quote_fields=False)
    for name, value in params.items():
        if isinstance(value, bytes):
            form.add_field(name, value, filename=f"{name}.png")
        elif isinstance(value, SentFile):
            form.add_field(name, value.content, filename=value.name)
        else:
            form.add_field(name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return form


def _result(status: int, content: bytes) -> Any:
    try:
        answer = json.loads(content)
    except ValueError:
        raise failure(max(status, 500), "not JSON") from None
    if not isinstance(answer, dict):
        raise failure(502, f"answered with {type(answer).__name__}")
    if answer.get("ok") is True and status < 300:
        return answer.get("result")
    parameters = answer.get("parameters")
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
    code = status if status >= 400 else answer.get("error_code")
    raise failure(
        code if isinstance(code, int) and code >= 400 else 502,
        str(answer.get("description") or ""),
        retry_after=float(wait) if isinstance(wait, int | float) else None,
    )


class TelegramWire:
    """The connection to Telegram, or to a relay or emulator of it at `api_url`."""

    def __init__(self, *, token: str, api_url: str = "", proxy: str = "") -> None:
        """`proxy` is socks5://, socks4:// or http://; names are resolved behind it. ValueError for a bad token."""
        server = TelegramAPIServer.from_base(api_url) if api_url else PRODUCTION
        # aiogram's socks5 always resolves names remotely; only the spelling socks5h is unknown to it.
        self.session = RawSession(proxy=proxy.replace("socks5h://", "socks5://") or None, api=server, timeout=TIMEOUT)
        self.bot = Bot(token, session=self.session)

    async def __call__(self, method: str, params: Params, /, *, timeout: float = TIMEOUT) -> Any:
        """Call a method by its name in the Bot API; bytes or a file among the parameters become an upload."""
        try:
            return await self.session.call(self.bot.token, method, params, timeout=timeout)
        except SendingFailed:
            raise
        except Exception as error:
            raise SendingFailed(f"no answer: {type(error).__name__}") from None

    async def file(self, path: str) -> AsyncIterator[bytes]:
        """Stream a file by the path that getFile told."""
        url = self.session.api.file_url(self.bot.token, path)
        try:
            async for chunk in self.session.stream_content(url, timeout=int(TIMEOUT), chunk_size=CHUNK):
                yield chunk
        except Exception as error:
            # The error's text holds the address, which holds the token.
            raise SendingFailed(f"the file did not come: {type(error).__name__}") from None

    async def close(self) -> None:
        """Close the connections."""
        await self.session.close()
