"""The HTTP application of a process: webhooks and /health first, and the back office behind them."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import socket
from collections.abc import Iterator, Mapping
from typing import Any

import uvicorn

from bot.receiving.ingress import LONGEST_BODY, SECRET_HEADER, Webhooks
from mizban.health import Health
from mizban.settings import Settings
from mizban.troubles import Trouble

HOOKS = "/hooks/"
JSON, PLAIN = b"application/json", b"text/plain"
LONGEST_GOODBYE = 10
"""Seconds that requests in progress may take while stopping."""


class Front:
    """The ASGI application; webhooks and health bypass the back office's framework, which would triple their cost."""

    def __init__(self, *, health: Health, pages: Any = None, hooks: Mapping[str, Webhooks]) -> None:
        """`pages` is an ASGI application; `hooks` the webhooks by channel, empty with polling."""
        self._health = health
        self._pages = pages
        self._hooks = hooks

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            path = scope["path"]
            if path == "/health":
                status, report = await self._health.report()
                await _answer(send, status, json.dumps(report).encode(), JSON)
                return
            if self._hooks and path.startswith(HOOKS):
                await self._hook(path.removeprefix(HOOKS), scope, receive, send)
                return
        if self._pages is not None:
            await self._pages(scope, receive, send)
        elif scope["type"] == "http":
            await _answer(send, 404, b"")

    async def _hook(self, address: str, scope: Any, receive: Any, send: Any) -> None:
        """Handle an update; the response comes after the commit, so that an update is confirmed only then."""
        channel, _, secret = address.partition("/")
        hooks = self._hooks.get(channel)
        shown = _secret_header(scope)
        if hooks is None or scope["method"] != "POST" or not hooks.admits(secret, shown):
            await _answer(send, 404, b"")  # before the body is read: strangers could fill the memory with theirs
            return
        body = await _read(receive)
        if body is None:
            await _answer(send, 413, b"")
            return
        status, call = await hooks.receive(secret, shown, body)
        await _answer(send, status, call, JSON if call else PLAIN)


def _secret_header(scope: Any) -> dict[str, str]:
    """The headers that webhooks read."""
    for name, value in scope["headers"]:
        if name == SECRET_HEADER.encode():
            return {SECRET_HEADER: value.decode("latin-1")}
    return {}


async def _read(receive: Any) -> bytes | None:
    """The whole body; None when it is too large."""
    parts, size = [], 0
    while True:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > LONGEST_BODY or message["type"] == "http.disconnect":
            return None
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


async def _answer(send: Any, status: int, body: bytes, media: bytes = PLAIN) -> None:
    headers = [(b"content-type", media), (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def listen(settings: Settings) -> socket.socket:
    """The listening socket, bound before anything else starts. Raises `Trouble` when that fails."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((settings.host, settings.port))
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRINUSE:
            told = f"The port {settings.port} is taken by another program; set MIZBAN_PORT or end that program."
        else:
            place = f"{settings.host}:{settings.port}"
            told = f"{place} cannot be listened on ({error.strerror}); see MIZBAN_HOST and MIZBAN_PORT."
        raise Trouble(told) from None
    bound.setblocking(False)
    return bound


class Server(uvicorn.Server):
    """uvicorn in our event loop; the process handles the signals, not the server."""

    def __init__(self, app: Any, *, settings: Settings) -> None:
        self.ready = asyncio.Event()
        """Set once requests are answered."""
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                http=_reads_requests(),
                ssl_certfile=settings.tls_certificate,
                ssl_keyfile=settings.tls_key,
                proxy_headers=True,
                timeout_graceful_shutdown=LONGEST_GOODBYE,
                log_level="debug" if settings.log_level == "DEBUG" else "warning",
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Do not handle signals."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as uvicorn does, then set `ready`."""
        await super().startup(sockets=sockets)
        self.ready.set()

    def stop(self) -> None:
        """Accept no new connection and finish requests in progress."""
        self.should_exit = True


def _reads_requests() -> Any:
    """The bounded reader of requests; where httptools is not installed, uvicorn's other one, with bounds of its own."""
    try:
        from mizban.bounded_http import BoundedHttp
    except ModuleNotFoundError:
        return "h11"
    return BoundedHttp
