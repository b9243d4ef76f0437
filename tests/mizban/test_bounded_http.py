"""What a stranger may take of the server before a request is whole: bytes of its head, and seconds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from mizban import bounded_http
from mizban.bounded_http import LONGEST_HEAD
from mizban.front import Front, Server, listen
from mizban.settings import Settings
from tests.mizban.test_front import Healthy
from tests.ports import free_port


@asynccontextmanager
async def served() -> AsyncIterator[int]:
    """The port of a server with the health page only."""
    settings = Settings(port=free_port())
    front = Front(health=Healthy(), hooks={})  # type: ignore[arg-type]  # a stand-in
    server = Server(front, settings=settings)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve(sockets=[listen(settings)]))
        await server.ready.wait()
        try:
            yield settings.port
        finally:
            server.stop()


async def told(port: int, *parts: bytes) -> bytes:
    """What the server says to these bytes before it closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
        return await asyncio.wait_for(reader.read(), 60)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


async def test_forty_megabytes_of_headers_are_not_collected() -> None:
    async with served() as port:
        sent = 0
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /health HTTP/1.1\r\nhost: desk\r\n")
        line = b"x-much: " + b"a" * 1000 + b"\r\n"
        try:
            while sent < 40_000_000 and not reader.at_eof():
                writer.write(line * 64)
                await writer.drain()
                sent += len(line) * 64
                await asyncio.sleep(0)
        except ConnectionError:
            pass
        finally:
            writer.close()

    assert sent < 8_000_000  # what the sockets of the system hold between; without the bound all forty are taken


async def test_a_head_that_is_too_large_is_told_so() -> None:
    async with served() as port:
        answer = await told(port, b"GET /health HTTP/1.1\r\nx: " + b"a" * LONGEST_HEAD)

    assert answer.startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    "parts",
    [
        (b"",),
        (b"GET /health HTTP/1.1\r\n",),
        (b"GET /health HTTP/1.1\r\nhost: desk\r\n\r\n", b"GET /health HTTP/1.1\r\n"),
    ],
    ids=["nothing", "half a head", "half a second head"],
)
async def test_a_request_that_does_not_come_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, parts: tuple[bytes, ...]
) -> None:
    monkeypatch.setattr(bounded_http, "HEAD_SECONDS", 0.1)
    async with served() as port:
        answer = await told(port, *parts)

    assert answer.split(b"\r\n\r\n")[-2].endswith(b"connection: close")
    assert b"HTTP/1.1 408 " in answer


async def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_http, "REQUEST_SECONDS", 0.1)
    async with served() as port:
        answer = await told(port, b"POST /hooks/telegram/x HTTP/1.1\r\nhost: desk\r\ncontent-length: 9\r\n\r\n1234")

    assert b"HTTP/1.1 408 " in answer or b"HTTP/1.1 404 " in answer


async def test_ordinary_requests_go_on_over_one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_http, "HEAD_SECONDS", 0.6)
    async with served() as port, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as browser:
        statuses = []
        for _ in range(4):
            statuses.append((await browser.get("/health", headers={"cookie": "a" * 4000})).status_code)
            await asyncio.sleep(0.2)

    assert statuses == [200] * 4
