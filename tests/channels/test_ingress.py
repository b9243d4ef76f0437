"""Webhooks: who may call them, what is accepted, and a 200 only after an update was handled."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import web

from bot.channels import speaking
from bot.channels.bot_api import BotApiChannel
from bot.channels.port import Channel, Unreadable, WebhookResponse
from bot.dialogue.heard import Heard, HeardKind
from bot.dialogue.says import Answer, Says
from bot.receiving.ingress import ADDRESS_LIVES, LONGEST_BODY, SECRET_HEADER, Received, Webhooks
from bot.receiving.lanes import Lanes
from emulator import Emulator
from tests.channels.talking import NOON, FixedClock, MakeChannel, answer_to, button, fa

KEY = b"a long secret key of the installation"
UPDATE: dict[str, Any] = {
    "update_id": 5,
    "message": {"message_id": 7, "chat": {"id": 9, "type": "private"}, "from": {"id": 9}, "text": "سلام"},
}
BODY = json.dumps(UPDATE).encode()


class Ear:
    """Remembers what it heard; fails as often as it is told to."""

    def __init__(self, *, failures: int = 0) -> None:
        self.heard: list[Heard | Unreadable] = []
        self.failures = failures

    async def __call__(self, channel: Channel, heard: Heard | Unreadable, response: WebhookResponse | None) -> None:
        self.heard.append(heard)
        if self.failures:
            self.failures -= 1
            raise ConnectionError
        if isinstance(heard, Heard) and heard.kind is HeardKind.TEXT:
            await channel.answer(answer_to(heard, Says(fa("باشد"))), response=response)


@pytest.fixture
def lonely(kind: str, make_channel: MakeChannel) -> BotApiChannel:
    """A channel with no messenger behind it."""
    return make_channel(kind, url="http://127.0.0.1:9")


def webhooks(channel: Channel, ear: Ear, *, key: bytes = KEY, at: datetime = NOON) -> Webhooks:
    return Webhooks([channel], hears=ear, lanes=Lanes(), secret_key=key, clock=FixedClock(at))


def delivered(hooks: Webhooks, channel: Channel) -> tuple[str, dict[str, str]]:
    """The path and the headers of a delivery as this messenger makes it."""
    has_header = channel.capabilities.secret_header
    return hooks.path_of(channel), {SECRET_HEADER: hooks.header_of(channel)} if has_header else {}


class Deaf(Ear):
    """Hears and never answers."""

    async def __call__(self, channel: Channel, heard: Heard | Unreadable, response: WebhookResponse | None) -> None:
        self.heard.append(heard)


async def test_the_right_address_and_body_are_heard(lonely: BotApiChannel) -> None:
    ear = Deaf()
    hooks = webhooks(lonely, ear)
    assert (await hooks.receive(*delivered(hooks, lonely), BODY)).status == 200
    assert isinstance(ear.heard[0], Heard)
    assert ear.heard[0].text == "سلام"


async def test_a_form_is_taken_too(lonely: BotApiChannel) -> None:
    ear = Deaf()
    hooks = webhooks(lonely, ear)
    form = urlencode({"update": json.dumps(UPDATE)}).encode()
    path, headers = delivered(hooks, lonely)
    assert (await hooks.receive(path, {"content-type": "text/plain", **headers}, form)).status == 200
    assert len(ear.heard) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400), (b"nonsense", 400), (b"[]", 400), (b"[" * 200_000, 400), (b"update=" + b"[" * 200_000, 400),
        (b"\xff\xfe", 400), (b"update=nonsense", 400), (b"{}", 200),
        (b'"' + b"x" * LONGEST_BODY + b'"', 413),
    ],
)  # fmt: skip
async def test_what_is_no_update(lonely: BotApiChannel, body: bytes, status: int) -> None:
    ear = Deaf()
    hooks = webhooks(lonely, ear)
    assert (await hooks.receive(*delivered(hooks, lonely), body)).status == status
    assert [type(heard) for heard in ear.heard] == ([Unreadable] if status == 200 else [])


async def test_a_wrong_address_or_header_is_not_found(lonely: BotApiChannel, kind: str) -> None:
    ear = Deaf()
    hooks = webhooks(lonely, ear)
    path = hooks.path_of(lonely)
    assert (await hooks.receive(path[:-1] + "~", {}, BODY)).status == 404
    assert (await hooks.receive("", {}, BODY)).status == 404
    # Bale sends no header, so whatever comes under its name there is not looked at.
    for headers in ({SECRET_HEADER: "نادرست"}, {}):
        wrong = await hooks.receive(path, headers, BODY)
        assert wrong.status == (404 if kind == "telegram" else 200)
    assert (await hooks.receive(path, {SECRET_HEADER: hooks.header_of(lonely)}, BODY)).status == 200
    assert len(ear.heard) == (1 if kind == "telegram" else 3)


async def test_what_was_not_committed_is_asked_for_again(lonely: BotApiChannel) -> None:
    hooks = webhooks(lonely, Ear(failures=1))
    assert (await hooks.receive(*delivered(hooks, lonely), BODY)).status == 503


def test_addresses_are_the_same_in_every_process_and_cannot_be_guessed(lonely: BotApiChannel) -> None:
    one = webhooks(lonely, Deaf())
    again = webhooks(lonely, Deaf(), at=one.next_address_at() - timedelta(seconds=1))
    other = webhooks(lonely, Deaf(), key=b"another key")
    assert one.path_of(lonely) == again.path_of(lonely)
    assert len({one.path_of(lonely), one.header_of(lonely), other.path_of(lonely)}) == 3
    assert len(one.path_of(lonely)) == 43


async def test_an_address_changes_by_itself_and_the_old_one_ends(lonely: BotApiChannel) -> None:
    """A secret path that somebody saw in a log opens nothing for long."""
    first = webhooks(lonely, Deaf())
    seen = delivered(first, lonely)
    answers = []
    at = first.next_address_at()
    for _week in range(3):
        later = webhooks(lonely, Deaf(), at=at)
        assert later.path_of(lonely) != seen[0]
        assert later.header_of(lonely) != seen[1].get(SECRET_HEADER)
        answers.append((await later.receive(*seen, BODY)).status)
        at += ADDRESS_LIVES

    assert answers == [200, 404, 404]


async def test_a_process_whose_clock_is_behind_hears_the_new_address(lonely: BotApiChannel) -> None:
    behind = webhooks(lonely, Deaf())
    ahead = webhooks(lonely, Deaf(), at=behind.next_address_at())

    assert (await behind.receive(*delivered(ahead, lonely), BODY)).status == 200


async def test_one_that_runs_for_weeks_goes_along(lonely: BotApiChannel) -> None:
    clock = FixedClock()
    hooks = Webhooks([lonely], hears=Deaf(), lanes=Lanes(), secret_key=KEY, clock=clock)
    assert (await hooks.receive(*delivered(hooks, lonely), BODY)).status == 200
    clock.at = NOON + 5 * ADDRESS_LIVES

    assert (await hooks.receive(*delivered(hooks, lonely), BODY)).status == 200


@asynccontextmanager
async def served(hooks: Webhooks) -> AsyncIterator[str]:
    """The webhooks behind a small server; its base address."""

    async def handle(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        status, body = await hooks.receive(request.match_info["secret"], headers, await request.read())
        return web.Response(status=status, body=body, content_type="application/json" if body else "text/plain")

    app = web.Application()
    app.router.add_post("/hook/{secret}", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]  # asyncio's server has sockets
    try:
        yield f"http://127.0.0.1:{port}/hook"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("failures", [0, 2])
async def test_a_conversation_by_webhook(channel: BotApiChannel, kind: str, emulator: Emulator, failures: int) -> None:
    ear = Ear(failures=failures)
    hooks = webhooks(channel, ear)
    async with served(hooks) as base:
        await hooks.register(base)
        person = emulator.person(kind, first_name="نوید")
        await person.start("x")
        assert (await person.settled()).text == "باشد"
        assert (await person.ask("سلام")).text == "باشد"
        await emulator.bot(kind).webhook.clear()
    assert len(ear.heard) == 2 + failures
    assert not emulator.violations


MENU = Says(fa("چه کاری دارید؟"), rows=((button("نوبت", "book"),),))


class Menu(Ear):
    """Shows a menu, and answers a press with a toast."""

    async def __call__(self, channel: Channel, heard: Heard | Unreadable, response: WebhookResponse | None) -> None:
        self.heard.append(heard)
        assert isinstance(heard, Heard)
        answer: Answer = answer_to(heard, MENU)
        if heard.choice:
            answer = replace(answer, says=(Says(fa("نوبت شما")),), toast=fa("باشد"))
        await channel.answer(answer, response=response)


class Loses(Webhooks):
    """Keeps the responses; the first `losses` that hold a call are lost on their way."""

    losses = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bodies: list[bytes] = []

    async def receive(self, path_secret: str, headers: Mapping[str, str], body: bytes) -> Received:
        response = await super().receive(path_secret, headers, body)
        if response.body:
            self.bodies.append(response.body)
            if len(self.bodies) <= self.losses:
                return Received(502)
        return response


def acknowledged(emulator: Emulator) -> list[bool]:
    """Whether each acknowledgement of a press was accepted."""
    return [call.ok for call in emulator.calls if call.method == "answerCallbackQuery"]


@pytest.mark.parametrize("losses", [0, 2])
async def test_a_press_is_acknowledged_in_the_response_where_the_messenger_takes_it(
    channel: BotApiChannel, kind: str, emulator: Emulator, losses: int
) -> None:
    hooks = Loses([channel], hears=Menu(), lanes=Lanes(), secret_key=KEY, clock=FixedClock())
    hooks.losses = losses
    async with served(hooks) as base:
        await hooks.register(base)
        person = emulator.person(kind)
        await person.start()
        await person.settled()
        screen = await person.tap("نوبت")
        assert (screen.text, screen.alerts) == ("نوبت شما", ("باشد",))
        await emulator.bot(kind).webhook.clear()
    calls = [json.loads(body) for body in hooks.bodies]
    if kind == "telegram":  # and it comes again until the response arrives
        assert [(call["method"], call["text"]) for call in calls] == [("answerCallbackQuery", "باشد")] * (losses + 1)
    else:
        assert calls == []
    assert acknowledged(emulator) == [True]
    # What comes again is shown again, and an edit that changes nothing is one.
    assert {broken.method for broken in emulator.violations} == ({"editMessageText"} if len(calls) > 1 else set())


async def test_a_button_does_not_spin_while_a_message_is_slow(
    channel: BotApiChannel, emulator: Emulator, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speaking, "LONGEST_SPIN", 0.02)
    hooks = Loses([channel], hears=Menu(), lanes=Lanes(), secret_key=KEY, clock=FixedClock())
    async with served(hooks) as base:
        await hooks.register(base)
        person = emulator.person(kind)
        await person.start()
        await person.settled()
        emulator.faults.add("hang", method="sendMessage", seconds=0.4)
        emulator.faults.add("hang", method="editMessageText", seconds=0.4)
        await person.tap("نوبت")
        await emulator.bot(kind).webhook.clear()
    assert hooks.bodies == []
    assert acknowledged(emulator) == [True]
    ack, say = [call for call in emulator.calls if call.method in {"answerCallbackQuery", "sendMessage"}][-2:]
    assert {ack.method, say.method} == {"answerCallbackQuery", "sendMessage"}
    assert not emulator.violations
