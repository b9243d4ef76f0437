"""Server processes to measure: started, awaited, their CPU time read from outside, ended by pid."""

from __future__ import annotations

import asyncio
import ctypes
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

import psutil

from benchmarks.figures import NotTaken

PATIENCE = 240.0
"""Seconds a server may take until it listens: the machine may be busy with other things."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _cpu_of(pid: int) -> float:
    """Seconds of CPU of a process with all its threads, those that ended too; /proc counts in hundredths."""
    clock = ctypes.c_int()
    if ctypes.CDLL(None).clock_getcpuclockid(pid, ctypes.byref(clock)) != 0:
        return 0.0
    return time.clock_gettime(clock.value)


class Child:
    """A running server; its CPU is that of the process and whatever it started."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._seen = psutil.Process(process.pid)

    @property
    def cpu(self) -> float:
        """Seconds of CPU used so far, in user and system together, to the microsecond."""
        return sum(_cpu_of(each.pid) for each in (self._seen, *self._seen.children(recursive=True)))

    @property
    def first_line(self) -> str:
        """The first line it printed, for a server that tells its address so."""
        stdout: IO[str] | None = self._process.stdout
        return stdout.readline().strip() if stdout is not None else ""

    def wait(self) -> int:
        """Block until it has ended by itself; its exit code."""
        return self._process.wait()

    def end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@asynccontextmanager
async def child(
    arguments: Sequence[str], *, log: Path, port: int | None = None, settings: Mapping[str, str] | None = None
) -> AsyncIterator[Child]:
    """`python -m …` as a child, ready once it listens on `port`; what it logs goes to `log`."""
    with log.open("a") as errors:
        process = subprocess.Popen(  # noqa: ASYNC220  # starting one takes a moment, once a round
            [sys.executable, "-m", *arguments],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, **(settings or {})},
        )
    running = Child(process)
    try:
        if port is not None:
            await _listening(port, process, log)
        yield running
    finally:
        running.end()


def last_lines(log: Path) -> str:
    """The end of a log, for an error that has to be understood."""
    return log.read_text()[-2000:]


async def _listening(port: int, process: subprocess.Popen[str], log: Path) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if process.poll() is not None or loop.time() > deadline:
                raise NotTaken(f"a server did not come up: {last_lines(log)}") from None
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
