"""Calls Telegram through aiogram: JSON bodies, raw results, its connections, proxies and exceptions."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any, Final, cast

from aiohttp import ClientError, ClientTimeout, FormData

from bot.channels.aiogram_parts import (
    PRODUCTION,
    AiohttpSession,
    Bot,
    ClientDecodeError,
    TelegramAPIServer,
    TelegramMethod,
    TelegramNetworkError,
)
from bot.channels.bot_api import CHUNK, CONNECT_TIMEOUT, TIMEOUT
from bot.channels.calling import Params, failure, told
from bot.channels.port import SendingFailed

_JSON: Final = {"Content-Type": "application/json"}


class BotApiCall(TelegramMethod[Any]):
    """Any method of the Bot API, with complete parameters.

    aiogram's own class for each method fills in and copies twenty defaults per call, which takes longer than sending.
    """

    __returning__ = object
    __api_method__ = ""

    name: str
    params: dict[str, Any]


class RawSession(AiohttpSession):
    """Sends what a method was given and returns the result as it came.

    The parameters are complete, and only the id of a result is used: validating either with the library's models would
    cost more than the rest of an exchangeand fail where a relay leaves a field out.
    """

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:
        """Make one call. Raises aiogram's exceptions, and SendingFailed for an answer that says what is wrong."""
        if not isinstance(method, BotApiCall):
            raise TypeError(f"{type(method).__name__} instead of BotApiCall")
        session = await self.create_session()
        body: dict[str, Any]
        if any(isinstance(value, bytes) for value in method.params.values()):
            body = {"data": _form(method.params)}
        else:
            body = {"data": json.dumps(method.params, ensure_ascii=False).encode(), "headers": _JSON}
        url = self.api.api_url(token=bot.token, method=method.name)
        limit = ClientTimeout(total=timeout or self.timeout, sock_connect=CONNECT_TIMEOUT)
        try:
            async with session.post(url, timeout=limit, **body) as response:
                return _result(response.status, await response.read())
        except TimeoutError as error:
            raise TelegramNetworkError(method=method, message="timed out") from error
        except ClientError as error:
            # The error's text may hold the address, and the address holds the token.
            raise TelegramNetworkError(method=method, message=type(error).__name__) from None


def _form(params: Params) -> FormData:
    """The parameters as a form, an upload under its own name."""
    form = FormData(quote_fields=False)
    for name, value in params.items():
        if isinstance(value, bytes):
            form.add_field(name, value, filename=f"{name}.png")
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
        """Call a method by its name in the Bot API; bytes among the parameters become an upload."""
        call = BotApiCall.model_construct(name=method, params=params)
        try:
            return await self.bot(call, request_timeout=cast(int, timeout))
        except SendingFailed:
            raise
        except (TelegramNetworkError, ClientDecodeError) as error:
            raise SendingFailed(told(f"no answer: {getattr(error, 'message', type(error).__name__)}")) from None
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
