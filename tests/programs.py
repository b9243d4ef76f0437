"""Programs of ours in processes of their own, started from the loaded interpreter of `tests.preloaded`.

`start("mizban", "serve", env=…)` is `python -m mizban serve` without the seconds of imports. All calls here block; in a
loop they are made by `asyncio.to_thread`.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[1]


class Program:
    """A started program, much as `subprocess.Popen` has it."""

    def __init__(self, status: socket.socket, *, out: IO[bytes], errors: IO[bytes]) -> None:
        self._status = status
        self._told = status.makefile("rb")
        self.out = out
        """What it prints, to be read line by line; nothing where it prints to a file."""
        self._errors = errors
        self.pid = int(self._told.readline())
        self.returncode: int | None = None
        """Its exit code, once `wait` or `poll` has seen the end; minus the signal that ended it."""

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code. Raises TimeoutError when it has not ended within so many seconds."""
        if self.returncode is None:
            if not select.select([self._status], [], [], timeout)[0]:
                raise TimeoutError(f"{self.pid} still runs")
            self.returncode = int(self._told.readline())
        return self.returncode

    def poll(self) -> int | None:
        """Its exit code, or None as long as it runs."""
        try:
            return self.wait(0)
        except TimeoutError:
            return None

    def send_signal(self, number: signal.Signals) -> None:
        """Send it; nothing happens to one that has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """kill -9, and its end awaited."""
        self.send_signal(signal.SIGKILL)
        self.wait()

    def rest(self, timeout: float | None = None) -> tuple[str, str]:
        """Wait for its end: what it printed that nobody has read yet, and what it complained of."""
        self.wait(timeout)
        return self.out.read().decode(), self.complaints()

    def complaints(self) -> str:
        """What it has written to its standard error."""
        self._errors.seek(0)
        return self._errors.read().decode()

    def close(self) -> None:
        """Kill it if it still runs, and let go of its pipe and files."""
        self.kill()
        for each in (self.out, self._errors, self._told, self._status):
            each.close()


def environment() -> dict[str, str]:
    """This process's, without the settings of Mizban."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MIZBAN_")}


def start(module: str, *arguments: str, env: Mapping[str, str] | None = None, output: Path | None = None) -> Program:
    """Start `python -m module arguments`, in this environment without the settings of Mizban and with `env`.

    What it prints comes through `Program.out`, or is added with its complaints to the file `output`.
    """
    order = {"module": module, "arguments": arguments, "env": {**environment(), **(env or {})}}
    ours, theirs = socket.socketpair()
    if output is None:
        reading, writing = os.pipe()
        out: IO[bytes] = os.fdopen(reading, "rb")
        errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the program
        streams = [writing, errors.fileno()]
    else:
        writing = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        out, errors = Path(os.devnull).open("rb"), output.open("rb")  # noqa: SIM115  # the same
        streams = [writing, writing]
    with theirs, Path(os.devnull).open("rb") as nothing:
        message = json.dumps(order).encode()
        socket.send_fds(_orders(), [message], [nothing.fileno(), *streams, theirs.fileno()])
    os.close(writing)
    return Program(ours, out=out, errors=errors)


@cache
def _orders() -> socket.socket:
    """The socket of the loaded interpreter, which is started when the first program is."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.preloaded", str(theirs.fileno())],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
    assert ours.recv(64) == b"loaded", "our packages could not be imported"

    @atexit.register
    def end() -> None:
        ours.close()
        process.wait()

    return ours
