"""The processes of a fault test: the emulator, which outlives everything, and a Mizban that is killed often."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp

from desk.storage.encryption import Keys
from emulator.remote import RemoteEmulator
from mizban.keys import STORAGE, derive
from tests import programs
from tests.ports import free_port
from tests.programs import Program

TOKENS = {"telegram": "111111:AAAA_telegram-token", "bale": "222222:BBBB_bale-token"}
SECRET = "a-secret-key-of-the-tests-that-is-long-enough"
KEYS = Keys(derive(SECRET.encode(), STORAGE))
"""With which it encrypts."""
PATIENCE = 240.0
"""Seconds a start may take on a machine that is busy with other tests."""


@contextlib.asynccontextmanager
async def emulator_process() -> AsyncIterator[RemoteEmulator]:
    """Both messengers in a process of their own."""
    arguments = ["--port", "0", "--log-cap", "2000"]
    for dialect, token in TOKENS.items():
        arguments += [f"--{dialect}", token]
    process = await asyncio.to_thread(programs.start, "emulator", *arguments)
    try:
        line = (await asyncio.wait_for(asyncio.to_thread(process.out.readline), PATIENCE)).decode()
        async with RemoteEmulator(line.removeprefix("emulator: ").strip()) as remote:
            yield remote
        process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(process.wait, PATIENCE)
    finally:
        process.close()


class Mizban:
    """`mizban serve`, to be started and killed as often as one likes."""

    def __init__(self, *, folder: Path, database_url: str, emulator: RemoteEmulator, by_webhook: bool) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "mizban.log"
        self.process: Program | None = None
        self.starts: list[float] = []
        """Seconds from each start until it was ready."""
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
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.process is not None:
            self.process.close()

    async def start(self, *, spoil: str = "") -> None:
        """Start it and wait until `GET /health` says that it is ready."""
        begun = time.monotonic()
        module, *arguments = ["tests.faults.spoilt", spoil, "serve"] if spoil else ["mizban", "serve"]
        self.process = await asyncio.to_thread(programs.start, module, *arguments, env=self.env, output=self.log)
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
        assert self.process is not None
        await asyncio.to_thread(self.process.close)
        self.process = None

    async def stop(self) -> None:
        """SIGTERM, and wait until it has ended."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(self.process.wait, PATIENCE)
        self.process.close()
        self.process = None

    async def command(self, *arguments: str) -> tuple[int, str]:
        """Run another `mizban` command on the same installation: its exit code and all it printed."""
        with contextlib.closing(await asyncio.to_thread(programs.start, "mizban", *arguments, env=self.env)) as process:
            printed, complaints = await asyncio.to_thread(process.rest)
            assert process.returncode is not None
            return process.returncode, printed + complaints

    async def _health(self, session: aiohttp.ClientSession) -> tuple[int, str]:
        """The status and what is told with it."""
        try:
            async with session.get(f"{self.url}/health", timeout=aiohttp.ClientTimeout(total=5)) as response:
                return response.status, await response.text()
        except (aiohttp.ClientError, TimeoutError) as error:
            return 0, repr(error)


async def pending(emulator: RemoteEmulator) -> int:
    """Updates that no bot has confirmed yet."""
    bots: list[dict[str, Any]] = await emulator.request("GET", "bots")
    return sum(bot["pending"] for bot in bots)
