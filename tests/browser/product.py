"""A really running Mizban for the browser: `mizban demo` in a process of its own, on a Monday morning of our choice.

`python -m tests.browser.product 2026-11-23T08:20:00+03:30` runs the demonstration as `mizban demo` does, with a clock
that begins at that moment and goes on from there, so that there are free times today whenever the tests run.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
MONDAY_MORNING = "2026-11-23T08:20:00+03:30"
ENDING = 20.0

PHONES = re.compile(r"Two phones.*?(http://\S+)")
DESK = re.compile(r"Back office\s+(http://\S+)")
PASSWORD = re.compile(r"Password of every demo account\s+(\S+)")
LAST_LINE = "Stop with Ctrl+C"


@dataclass(frozen=True, slots=True)
class Product:
    """Where it can be reached, and the password of all its demo accounts."""

    phones: str
    desk: str
    password: str


@contextmanager
def running_product(home: Path, *, at: str = MONDAY_MORNING) -> Iterator[Product]:
    """Start it over an empty home folder, and stop it at the end; its log goes to `home`.log."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MIZBAN_")}
    environment |= {"MIZBAN_HOME": str(home), "MIZBAN_PORT": str(_free_port())}
    with home.with_suffix(".log").open("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.product", at],
            cwd=REPOSITORY,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            yield _product(_said(process), log=Path(log.name))
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.communicate(timeout=ENDING)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


def _said(process: subprocess.Popen[str]) -> str:
    """What it prints until it has told everything."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if LAST_LINE in line:
            break
    return said


def _product(said: str, *, log: Path) -> Product:
    found = [pattern.search(said) for pattern in (PHONES, DESK, PASSWORD)]
    values = [each[1] for each in found if each is not None]
    assert len(values) == len(found), f"it did not start: {said}\n{log.read_text()}"
    phones, desk, password = values
    return Product(phones, desk.rstrip("/"), password)


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    """Move the two clocks of the process, then run the demonstration."""
    import desk.clock
    import emulator.clock

    shift = datetime.fromisoformat(sys.argv[1]) - desk.clock.now()

    class Moved(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # plain, as SQLite wants it
            return datetime.now(tz) + shift  # noqa: TID251  # this is the clock here

    seconds = emulator.clock._system_seconds
    desk.clock.datetime = Moved  # type: ignore[attr-defined]  # the one place that asks the time is told another
    emulator.clock._system_seconds = lambda: seconds() + shift / timedelta(seconds=1)
    from mizban.demo import run_demo

    run_demo()


if __name__ == "__main__":
    main()
