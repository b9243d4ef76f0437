"""The control API refuses politely, passes on raw updates and moves the clock; limits answer 429 when asked to."""

from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from emulator import TELEGRAM, TELEGRAM_LIMITS, BotAccount, Emulator


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("people", '{"bot": "nobody"}', 404),
        ("people", "[]", 400),
        ("people", "{", 400),
        ("people/t_bot:5/say", '{"text": "a"}', 404),
        ("people/x/say", '{"text": "a"}', 404),
        ("faults", '{"kind": "flood"}', 400),
        ("faults", '{"kind": "hang", "colour": 1}', 400),
    ],
)
async def test_refusals(emulator: Emulator, session: aiohttp.ClientSession, path: str, body: str, status: int) -> None:
    async with session.post(f"{emulator.url}/_emulator/{path}", data=body) as response:
        assert response.status == status
        assert (await response.json())["error"]


async def test_acts_that_make_no_sense(emulator: Emulator, session: aiohttp.ClientSession) -> None:
    person = emulator.person("telegram")
    statuses = []
    for act, body in (("dance", {}), ("say", {}), ("edit", {"message_id": 9, "text": "a"}), ("press", {"label": "x"})):
        address = f"{emulator.url}/_emulator/people/t_bot:{person.id}/{act}"
        async with session.post(address, json=body) as response:
            statuses.append(response.status)
    assert statuses == [404, 400, 400, 409]


async def test_raw_updates_and_the_clock(emulator: Emulator, session: aiohttp.ClientSession, bale: Any) -> None:
    body = {"bot": "bale", "update": {"message": {"message_id": 1}}}
    async with session.post(f"{emulator.url}/_emulator/updates", json=body) as response:
        number = (await response.json())["update_id"]
    assert await bale.updates() == [{"update_id": number, "message": {"message_id": 1}}]
    before = emulator.clock.now()
    async with session.post(f"{emulator.url}/_emulator/time", json={"advance": 7200}) as response:
        assert (await response.json())["now"] - before >= 7200


async def test_a_chat_waits_for_a_change(emulator: Emulator, session: aiohttp.ClientSession) -> None:
    person = emulator.person("telegram")
    address = f"{emulator.url}/_emulator/people/t_bot:{person.id}/chat"
    async with session.get(address) as response:
        version = (await response.json())["version"]
    await person.say("سلام")
    async with session.get(f"{address}?since={version}") as response:
        chat = await response.json()
    assert chat["version"] > version
    assert [message["text"] for message in chat["messages"]] == ["سلام"]
    assert chat["unconfirmed"] == 1


async def test_the_page_is_served_under_a_strict_policy(emulator: Emulator, session: aiohttp.ClientSession) -> None:
    for path, kind in (("/", "text/html"), ("/page/main.js", "text/javascript"), ("/page/base.css", "text/css")):
        async with session.get(emulator.url + path) as response:
            assert response.status == 200
            assert response.content_type == kind
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
    for path in ("/page/..%2Fcore.py", "/page/core.py", "/font/x.woff2", "/_emulator/media/x"):
        async with session.get(emulator.url + path) as response:
            assert response.status == 404


async def test_limits_answer_429_until_the_time_has_passed(session: aiohttp.ClientSession) -> None:
    now = 1_000_000.0
    bots = [BotAccount(replace(TELEGRAM, limits=TELEGRAM_LIMITS), "9:l")]
    async with Emulator(bots=bots, clock=lambda: now) as emulator:
        people = [emulator.person() for _ in range(40)]
        for person in people:
            await person.start()

        async def send(index: int) -> Any:
            body = {"chat_id": people[index].id, "text": "a"}
            async with session.post(f"{emulator.url}/bot9:l/sendMessage", json=body) as response:
                return await response.json()

        one_chat = [await send(0) for _ in range(4)]
        assert [answer["ok"] for answer in one_chat] == [True, True, True, False]
        assert one_chat[-1]["parameters"] == {"retry_after": 1}
        many = [(await send(index))["ok"] for index in range(1, 40)]
        assert many.count(True) == 26  # a burst of 30 in all; the refused one counted for the bot too
        assert len(emulator.violations) == 14
        emulator.clock.advance(1)
        assert (await send(0))["ok"]
        assert (await send(39))["ok"]
