"""The processes of a fault test: the emulator, which outlives everything, and a Mizban that is killed often."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp

from emulator.remote import RemoteEmulator

ROOT = Path(__file__).parents[2]
TOKENS = {"telegram": "111111:AAAA_telegram-token", "bale": "222222:BBBB_bale-token"}
SECRET = "a-secret-key-of-the-tests-that-is-long-enough"
PATIENCE = 240.0
"""Seconds a start may take on a machine that is busy with other tests."""


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.asynccontextmanager
async def emulator_process() -> AsyncIterator[RemoteEmulator]:
    """Both messengers in a process of their own."""
    arguments = ["-m", "emulator", "--port", "0", "--log-cap", "2000"]
    for dialect, token in TOKENS.items():
        arguments += [f"--{dialect}", token]
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), PATIENCE)).decode()
    try:
        async with RemoteEmulator(line.removeprefix("emulator: ").strip()) as remote:
            yield remote
    finally:
        process.terminate()
        await process.wait()


class Mizban:
    """`mizban serve`, to be started and killed as often as one likes."""

    def __init__(self, *, folder: Path, database_url: str, emulator: RemoteEmulator, by_webhook: bool) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "mizban.log"
        self.pid: int | None = None
        self.starts: list[float] = []
        """Seconds from each start until it was ready."""
        self._launcher: asyncio.subprocess.Process | None = None
        self.env = {
            "MIZBAN_HOME": str(folder / "home"),
            "MIZBAN_DATABASE_URL": database_url,
            "MIZBAN_SECRET_KEY": SECRET,
            "MIZBAN_PORT": str(self.port),
            "MIZBAN_PUBLIC_URL": self.url if by_webhook else "",
            "MIZBAN_LOG_LEVEL": "INFO",
            **{f"MIZBAN_{dialect.upper()}_TOKEN": token for dialect, token in TOKENS.items()},
            **{f"MIZBAN_{dialect.upper()}_API_URL": emulator.url for dialect in TOKENS},
        }

    async def __aenter__(self) -> Mizban:
        self._launcher = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.faults.preloaded",
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert await self._read() == "loaded"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.pid is not None:
            await self.kill()
        assert self._launcher is not None
        assert self._launcher.stdin is not None
        self._launcher.stdin.close()
        await self._launcher.wait()

    async def start(self, *, spoil: str = "") -> None:
        """Start it and wait until `GET /health` says that it is ready."""
        assert self._launcher is not None
        assert self._launcher.stdin is not None
        begun = time.monotonic()
        order = {"env": self.env, "log": str(self.log), "spoil": spoil}
        self._launcher.stdin.write(json.dumps(order).encode() + b"\n")
        self.pid = int(await self._read())
        async with aiohttp.ClientSession() as session:
            told = ""
            while time.monotonic() - begun < PATIENCE:
                status, told = await self._health(session)
                if status == 200:
                    self.starts.append(time.monotonic() - begun)
                    return
                await asyncio.sleep(0.02)
        raise AssertionError(f"not ready after {PATIENCE:g} s: {told}\n{self.log.read_text()[-2000:]}")

    async def kill(self) -> None:
        """kill -9, at once."""
        assert self.pid is not None
        os.kill(self.pid, signal.SIGKILL)
        while _is_alive(self.pid):
            await asyncio.sleep(0.005)
        self.pid = None

    async def stop(self) -> None:
        """SIGTERM, and wait until it has ended."""
        assert self.pid is not None
        os.kill(self.pid, signal.SIGTERM)
        while _is_alive(self.pid):
            await asyncio.sleep(0.01)
        self.pid = None

    async def command(self, *arguments: str) -> tuple[int, str]:
        """Run another `mizban` command on the same installation: its exit code and all it printed."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "mizban",
            *arguments,
            cwd=ROOT,
            env={**os.environ, **self.env},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, printed.decode()

    async def _health(self, session: aiohttp.ClientSession) -> tuple[int, str]:
        """The status and what is told with it."""
        try:
            async with session.get(f"{self.url}/health", timeout=aiohttp.ClientTimeout(total=5)) as response:
                return response.status, await response.text()
        except (aiohttp.ClientError, TimeoutError) as error:
            return 0, repr(error)

    async def _read(self) -> str:
        assert self._launcher is not None
        assert self._launcher.stdout is not None
        line = await asyncio.wait_for(self._launcher.stdout.readline(), PATIENCE)
        return line.decode().strip()


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def pending(emulator: RemoteEmulator) -> int:
    """Updates that no bot has confirmed yet."""
    bots: list[dict[str, Any]] = await emulator.request("GET", "bots")
    return sum(bot["pending"] for bot in bots)
