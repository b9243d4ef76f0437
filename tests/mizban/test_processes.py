"""The real processes: they start, refuse in one sentence, work together on PostgreSQL, and stop when told to."""

from __future__ import annotations

import asyncio
import contextlib
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest

from desk.storage.encryption import Keys
from desk.storage.engine import Storage
from emulator import BotAccount, Emulator
from mizban import demo
from mizban.keys import STORAGE, derive
from mizban.settings import Settings
from tests import programs
from tests.faults.running import PATIENCE
from tests.mizban.conftest import TOKENS, put_first_data_in
from tests.mizban.test_service import book
from tests.ports import free_port
from tests.programs import Program
from tests.system.source_rules import ROOT


@contextlib.asynccontextmanager
async def started(role: str, env: dict[str, str]) -> AsyncIterator[Program]:
    """A `mizban` process, ended with the block if it still runs."""
    with contextlib.closing(await asyncio.to_thread(programs.start, "mizban", role, env=env)) as process:
        yield process


@contextlib.asynccontextmanager
async def started_from_nothing(role: str, env: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """The installed command, as a service manager starts it, with all that it imports."""
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("mizban"), role, cwd=ROOT, env={**programs.environment(), **env}
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def ready(url: str, has_ended: Callable[[], object]) -> None:
    """Wait until it says that it is ready; it answers before that, and the process has to live until then."""
    async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session:
        while True:
            assert not has_ended()
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(f"{url}/health") as response:
                    if response.status == 200:
                        return
            await asyncio.sleep(0.05)


async def refusal(role: str, env: dict[str, str]) -> str:
    """What a process that cannot start says; the code has to be 2."""
    async with started(role, env) as process:
        out, error = await asyncio.to_thread(process.rest, PATIENCE)
        assert (process.returncode, out) == (2, ""), error
        return error


async def test_serve_makes_its_database_and_stops_when_told(tmp_path: Path) -> None:
    env = {"MIZBAN_HOME": str(tmp_path / "home"), "MIZBAN_PORT": str(free_port())}
    async with started_from_nothing("serve", env) as process:
        await ready(f"http://127.0.0.1:{env['MIZBAN_PORT']}", lambda: process.returncode is not None)
        told = await refusal("serve", env)
        assert told == (
            f"The port {env['MIZBAN_PORT']} is taken by another program; set MIZBAN_PORT or end that program.\n"
        )
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
    key = tmp_path / "home" / "keys" / "secret.key"
    assert len(key.read_text()) >= 32


async def test_the_demo_shows_where_to_go_and_goes_on_after_a_restart(tmp_path: Path) -> None:
    env = {"MIZBAN_HOME": str(tmp_path / "home"), "MIZBAN_PORT": str(free_port())}
    passwords = []
    for _ in range(2):
        async with started("demo", env) as process:
            block = ""
            while "Stop with" not in block:
                line = await asyncio.wait_for(asyncio.to_thread(process.out.readline), PATIENCE)
                assert line, (await asyncio.to_thread(process.rest))[1][-1000:]
                block += line.decode()
            phones, desk = re.findall(r"http://127\.0\.0\.1:\d+/", block)
            assert desk == f"http://127.0.0.1:{env['MIZBAN_PORT']}/"
            passwords.append(re.search(r"every demo account +(\S+)", block))
            async with aiohttp.ClientSession() as session:
                for url in (phones, desk, f"{phones}_emulator/links"):
                    async with session.get(url) as page:
                        assert page.status == 200, url
                async with session.get(f"{phones}_emulator/bots") as bots:
                    assert [bot["dialect"] for bot in await bots.json()] == ["telegram", "bale"]
            process.send_signal(signal.SIGINT)
            rest, error = await asyncio.to_thread(process.rest, PATIENCE)
            assert (process.returncode, rest.strip()) == (0, "Mizban has stopped."), error[-1000:]
            assert error == "", "a demo has nothing to complain about"
    first, second = (found.group(1) if found else "" for found in passwords)
    assert first == second != ""


async def test_the_phones_of_a_demo_go_elsewhere_when_another_takes_their_port_at_this_moment(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "PHONES_PORT", emulator.port)
    monkeypatch.setattr(demo, "_is_free", lambda host, port: True)  # so it looked to both
    phones = Emulator(bots=[BotAccount("telegram", TOKENS["telegram"], username="another")])
    await demo.start_phones(phones, Settings(home=tmp_path))
    assert phones.port not in (0, emulator.port)
    await phones.stop()


@pytest.mark.postgres
async def test_the_parts_work_together_and_refuse_an_old_database(
    database_url: str, tmp_path: Path, emulator: Emulator
) -> None:
    port = free_port()
    env = {
        "MIZBAN_HOME": str(tmp_path / "home"),
        "MIZBAN_DATABASE_URL": database_url,
        "MIZBAN_SECRET_KEY": "a-secret-key-of-the-tests-that-is-long-enough",
        "MIZBAN_PORT": str(port),
        "MIZBAN_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "MIZBAN_TELEGRAM_UPDATES": "polling",  # as where Telegram cannot reach us: Bale keeps its webhook
        **{f"MIZBAN_{kind.upper()}_TOKEN": token for kind, token in TOKENS.items()},
        **{f"MIZBAN_{kind.upper()}_API_URL": emulator.url for kind in TOKENS},
    }
    async with Storage(database_url, keys=Keys(derive(env["MIZBAN_SECRET_KEY"].encode(), STORAGE))) as storage:
        from desk.clock import now
        from desk.storage.migrate import head

        await storage.write(put_first_data_in, now=now())

        def stand_at(session: object, *, revision: str) -> None:
            from sqlalchemy import text

            session.execute(text("UPDATE alembic_version SET version_num = :r"), {"r": revision})  # type: ignore[attr-defined]  # a session

        await storage.write(stand_at, revision="0001")
        told = await refusal("worker", env)
        assert "stands at revision 0001" in told
        assert told.count("\n") == 1
        await storage.write(stand_at, revision=head())

    async with started("web", env) as web, started("bot", env) as bot, started("worker", env) as worker:
        await ready(f"http://127.0.0.1:{port}", lambda: web.poll() is not None)
        async with asyncio.timeout(PATIENCE):
            while not emulator.bot("bale").webhook.state.url:
                await asyncio.sleep(0.05)
        for kind, number in zip(TOKENS, ("P01234567", "P07654321"), strict=True):
            await book(emulator.person(kind), number=number)
        for process in (bot, worker, web):
            process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(process.wait, PATIENCE) == 0
    assert not emulator.bot("telegram").webhook.state.url
    assert not emulator.bot("telegram").queue.pending
