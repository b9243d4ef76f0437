"""Registering webhooks: each messenger by itself, for as long as it takes, and only where it was asked for."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.running.tasks import Tasks
from emulator import Emulator
from mizban import process
from mizban.parts import build
from mizban.process import ProcessRole, Running
from tests.mizban.conftest import settings_for

URL = "http://127.0.0.1:9"


@pytest.mark.sqlite
async def test_one_messenger_out_of_reach_keeps_no_other_waiting(
    emulator: Emulator, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "REGISTER_AGAIN", (0.05, 0.1))
    fault = emulator.faults.add("server_error", bot="telegram", method="setWebhook")
    settings = settings_for(emulator, home=tmp_path / "home", database_url=database_url, public_url=URL)
    parts = build(settings)
    async with parts.storage, Tasks() as tasks:
        running = Running(parts, ProcessRole.BOT, tasks)
        await running.start(None)
        async with asyncio.timeout(60):
            while not emulator.bot("bale").webhook.state.url:
                await asyncio.sleep(0.02)
        assert not emulator.bot("telegram").webhook.state.url
        emulator.faults.remove(fault.id)
        async with asyncio.timeout(60):
            while not emulator.bot("telegram").webhook.state.url:
                await asyncio.sleep(0.02)
        await running.stop()


@pytest.mark.sqlite
async def test_a_messenger_that_is_polled_gets_no_webhook(
    emulator: Emulator, database_url: str, tmp_path: Path
) -> None:
    settings = settings_for(
        emulator, home=tmp_path / "home", database_url=database_url, public_url=URL, telegram_updates="polling"
    )
    parts = build(settings)
    assert list(parts.webhooks()) == ["bale"]
    assert [settings.by_webhook(name) for name in ("telegram", "bale")] == [False, True]
