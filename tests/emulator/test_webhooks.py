"""Delivery by webhook: header, retries, order inside a chat, parallel chats, polling excluded, answers in the reply."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from emulator import Emulator


class Receiver:
    """A bot's web server: notes what arrives, answers what the test lays out, may hold a chat back."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.headers: list[Any] = []
        self.statuses: list[int] = []
        self.reply: dict[str, Any] | None = None
        self.held: dict[int, asyncio.Event] = {}
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        body = json.loads(await request.read())
        self.got.append(body)
        self.headers.append(request.headers)
        chat = body.get("message", {}).get("chat", {}).get("id")
        if chat in self.held:
            await self.held[chat].wait()
        if self.statuses:
            return web.Response(status=self.statuses.pop(0))
        return web.json_response(self.reply) if self.reply else web.Response()

    @property
    def texts(self) -> list[str]:
        return [body["message"]["text"] for body in self.got]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def test_secret_header_on_telegram_only(emulator: Emulator, telegram: Any, bale: Any, receiver: Receiver) -> None:
    for api, name in ((telegram, "telegram"), (bale, "bale")):
        assert (await api("setWebhook", url=receiver.url, secret_token="s3cret")).result is True
        await emulator.person(name).say("a")
    await emulator.all_settled(expect=0)
    secrets = sorted(headers.get("X-Telegram-Bot-Api-Secret-Token", "") for headers in receiver.headers)
    assert secrets == ["", "s3cret"]
    assert receiver.headers[0]["Content-Type"] == "application/json"


async def test_again_until_2xx_and_order_kept(emulator: Emulator, telegram: Any, receiver: Receiver) -> None:
    await telegram("setWebhook", url=receiver.url)
    receiver.statuses = [500, 503, 302]
    person = emulator.person("telegram")
    await person.say("یک")
    await person.say("دو")
    await person.settled(expect=0)
    assert receiver.texts == ["یک", "یک", "یک", "یک", "دو"]
    assert len({body["update_id"] for body in receiver.got}) == 2
    info = (await telegram("getWebhookInfo")).result
    assert info["pending_update_count"] == 0
    assert info["last_error_message"].startswith("Wrong response from the webhook: 302")


async def test_chats_are_delivered_in_parallel(emulator: Emulator, telegram: Any, receiver: Receiver) -> None:
    await telegram("setWebhook", url=receiver.url)
    slow, fast = emulator.person("telegram"), emulator.person("telegram")
    receiver.held[slow.id] = asyncio.Event()
    await slow.say("کند")
    await slow.say("کند ۲")
    await fast.say("تند")
    await fast.settled(expect=0)
    assert sorted(receiver.texts) == ["تند", "کند"]
    receiver.held[slow.id].set()
    await slow.settled(expect=0)
    assert receiver.texts[-1] == "کند ۲"


async def test_one_connection_means_one_at_a_time(emulator: Emulator, telegram: Any, receiver: Receiver) -> None:
    await telegram("setWebhook", url=receiver.url, max_connections=1)
    slow, other = emulator.person("telegram"), emulator.person("telegram")
    receiver.held[slow.id] = asyncio.Event()
    await slow.say("a")
    while not receiver.got:
        await asyncio.sleep(0.005)
    await other.say("b")
    await asyncio.sleep(0.05)
    assert receiver.texts == ["a"]
    receiver.held[slow.id].set()
    await other.settled(expect=0)


async def test_polling_and_webhook_exclude_each_other(emulator: Emulator, telegram: Any, receiver: Receiver) -> None:
    receiver.statuses = [500] * 1000
    await telegram("setWebhook", url=receiver.url)
    conflict = await telegram("getUpdates")
    assert conflict.status == 409
    assert "can't use getUpdates method while webhook is active" in conflict.why
    await emulator.person("telegram").say("a")
    assert (await telegram("deleteWebhook")).result is True
    assert [u["message"]["text"] for u in await telegram.updates()] == ["a"]
    assert (await telegram("deleteWebhook", drop_pending_updates="true")).result is True
    assert await telegram.updates() == []


async def test_bale_drops_nothing(emulator: Emulator, bale: Any) -> None:
    await emulator.person("bale").say("a")
    await bale("deleteWebhook", drop_pending_updates="true")
    assert len(await bale.updates()) == 1


async def test_what_waited_is_delivered_when_the_webhook_comes(
    emulator: Emulator, telegram: Any, receiver: Receiver
) -> None:
    person = emulator.person("telegram")
    await person.say("a")
    await telegram("setWebhook", url=receiver.url)
    await person.settled(expect=0)
    assert receiver.texts == ["a"]


async def test_a_method_in_the_reply_is_carried_out(emulator: Emulator, telegram: Any, receiver: Receiver) -> None:
    await telegram("setWebhook", url=receiver.url)
    person = emulator.person("telegram")
    receiver.reply = {"method": "sendMessage", "chat_id": person.id, "text": "جواب"}
    assert (await person.ask("سلام")).text == "جواب"


@pytest.mark.parametrize("url", ["http://example.ir/x", "https://example.ir:8081/x", "ftp://x"])
async def test_addresses_the_servers_refuse(telegram: Any, url: str) -> None:
    answer = await telegram("setWebhook", url=url)
    assert answer.status == 400
    assert answer.why.startswith("Bad Request: bad webhook")
