"""The HTTP front: webhooks and health pass by the pages, what is too large or wrong is turned away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.receiving.ingress import LONGEST_BODY, Received
from mizban.front import Front, listen
from mizban.settings import Settings
from mizban.troubles import Trouble


class Healthy:
    """A health that needs no database."""

    async def report(self) -> tuple[int, dict[str, str]]:
        return 200, {"status": "ready"}


class Hooks:
    """Webhooks that remember what they were given."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, dict[str, str], bytes]] = []

    def admits(self, secret: str, headers: dict[str, str]) -> bool:
        return secret == "secret"

    async def receive(self, secret: str, headers: dict[str, str], body: bytes) -> Received:
        self.taken.append((secret, headers, body))
        return Received(200)


async def pages(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 418, "headers": []})
    await send({"type": "http.response.body", "body": b"the pages"})


async def asked(front: Front, path: str, *parts: bytes, method: str = "POST", header: bytes | None = None) -> int:
    """The status of one request whose body comes in these parts."""
    waiting = [
        {"type": "http.request", "body": part, "more_body": place < len(parts) - 1} for place, part in enumerate(parts)
    ]
    answers: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message: dict[str, Any]) -> None:
        answers.append(message)

    headers = [(b"content-type", b"application/json")]
    if header is not None:
        headers.append((b"x-telegram-bot-api-secret-token", header))
    await front({"type": "http", "path": path, "method": method, "headers": headers}, receive, send)
    return int(answers[0]["status"])


@pytest.fixture
def hooks() -> Hooks:
    return Hooks()


@pytest.fixture
def front(hooks: Hooks) -> Front:
    return Front(health=Healthy(), pages=pages, hooks={"telegram": hooks})  # type: ignore[arg-type,dict-item]  # stand-ins


async def test_an_update_reaches_the_webhook_of_its_channel(front: Front, hooks: Hooks) -> None:
    assert await asked(front, "/hooks/telegram/secret", b'{"a"', b": 1}", header=b"word") == 200
    assert hooks.taken == [("secret", {"x-telegram-bot-api-secret-token": "word"}, b'{"a": 1}')]


async def test_what_is_no_webhook_of_ours_is_not_there(front: Front, hooks: Hooks) -> None:
    assert await asked(front, "/hooks/bale/secret", b"{}") == 404
    assert await asked(front, "/hooks/telegram/secret", b"", method="GET") == 404
    assert hooks.taken == []


async def test_a_body_that_is_too_large_is_not_read_to_its_end(front: Front, hooks: Hooks) -> None:
    part = bytes(LONGEST_BODY // 2 + 1)
    assert await asked(front, "/hooks/telegram/secret", part, part, part) == 413
    assert hooks.taken == []


async def test_nothing_of_a_body_is_read_that_no_messenger_sent(front: Front, hooks: Hooks) -> None:
    """Else strangers could let each of many connections hold a megabyte of our memory."""
    answers: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        raise AssertionError("the body was read")

    async def send(message: dict[str, Any]) -> None:
        answers.append(message)

    await front({"type": "http", "path": "/hooks/telegram/guessed", "method": "POST", "headers": []}, receive, send)

    assert answers[0]["status"] == 404
    assert hooks.taken == []


async def test_everything_else_is_a_page(front: Front) -> None:
    assert await asked(front, "/today", b"", method="GET") == 418
    assert await asked(front, "/health", b"", method="GET") == 200


async def test_without_webhooks_their_addresses_are_pages(hooks: Hooks) -> None:
    polling = Front(health=Healthy(), pages=pages, hooks={})  # type: ignore[arg-type]  # a stand-in
    assert await asked(polling, "/hooks/telegram/secret", b"{}") == 418


def test_a_port_that_is_taken_and_an_address_that_is_not_ours_are_sentences(tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Trouble, match=f"The port {port} is taken"):
            listen(Settings(home=tmp_path, port=port))
    with pytest.raises(Trouble, match="see MIZBAN_HOST"):
        listen(Settings(home=tmp_path, host="192.0.2.1", port=port))
