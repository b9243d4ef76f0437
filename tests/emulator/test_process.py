"""The emulator as its own process, driven over HTTP: people, faults, calls; it outlives the bots that talk to it."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from emulator import NoSuchButton, NotSettled
from emulator.remote import RemoteEmulator
from tests import programs


@pytest.fixture
async def remote() -> AsyncIterator[RemoteEmulator]:
    arguments = ["--port", "0", "--telegram", "111:AAA", "--bale", "222:BBB", "--log-cap", "100"]
    process = await asyncio.to_thread(programs.start, "emulator", *arguments)
    with contextlib.closing(process):
        line = (await asyncio.wait_for(asyncio.to_thread(process.out.readline), 60)).decode()
        assert line.startswith("emulator: http://127.0.0.1:")
        async with RemoteEmulator(line.removeprefix("emulator: ").strip()) as client:
            yield client
        process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(process.wait, 60) == 0


async def _call(session: aiohttp.ClientSession, remote: RemoteEmulator, method: str, **params: Any) -> Any:
    async with session.post(f"{remote.url}/bot111:AAA/{method}", json=params) as response:
        return (await response.json()).get("result")


async def test_everything_over_http(remote: RemoteEmulator) -> None:
    async with aiohttp.ClientSession() as session:
        person = await remote.person("telegram", first_name="گل")
        await person.start("x")
        [update] = await _call(session, remote, "getUpdates")
        keys = {"inline_keyboard": [[{"text": "بله", "callback_data": "y"}]]}
        await _call(session, remote, "sendMessage", chat_id=person.id, text="سلام", reply_markup=keys)
        with pytest.raises(NotSettled, match="not confirmed"):
            await person.settled(0.05)
        await _call(session, remote, "getUpdates", offset=update["update_id"] + 1)
        screen = await person.settled()
        assert (screen.text, screen.buttons) == ("سلام", ["بله"])
        [query] = await person.press("بله")
        with pytest.raises(NoSuchButton):
            await person.press("نه")
        await _call(session, remote, "answerCallbackQuery", callback_query_id=query, text="خوب")
        await _call(session, remote, "getUpdates", offset=update["update_id"] + 2)
        assert (await person.settled(expect=0)).alerts == ("خوب",)
        await person.send_photo(caption="عکس")
        await person.send_voice()
        await person.share_contact()
        await person.send_location(35.7, 51.4)
        sent = (await person.screen()).messages[-4:]
        assert [shown.kind for shown in sent] == ["photo", "voice", "contact", "location"]
        assert sent[-1].media["location"] == {"latitude": 35.7, "longitude": 51.4}
        await remote.add_fault("blocked", method="sendMessage", times=1)
        assert await _call(session, remote, "sendMessage", chat_id=person.id, text="a") is None
        await remote.clear_faults()
        await _call(session, remote, "sendMessage", chat_id=person.id, text="")
        assert [v["why"] for v in await remote.violations()] == ["Bad Request: message text is empty"]
        calls = await remote.calls(since=1)
        assert [call["seq"] for call in calls] == list(range(2, 2 + len(calls)))
        with pytest.raises(ValueError, match="no such fault"):
            await remote.add_fault("flood")
        await remote.forget()
        assert await remote.calls() == []


async def test_the_log_is_capped(remote: RemoteEmulator) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(130):
            await _call(session, remote, "getMe")
    calls = await remote.calls()
    assert len(calls) == 100
    assert calls[-1]["seq"] == 130
