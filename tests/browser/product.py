"""Runs `mizban demo` in a process of its own for browser tests, on a Monday morning of our choice.

`python -m tests.browser.product 2026-11-23T08:20:00+03:30` runs the demonstration as `mizban demo` does, with a clock
that begins at that moment and goes on from there, so that there are free times today whenever the tests run.
"""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from tests import programs
from tests.ports import free_port
from tests.programs import Program

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
    sessions: dict[str, Any] = field(default_factory=dict)
    """The cookies of those who signed in with a code, by username."""
    codes_said: set[str] = field(default_factory=set)


@contextmanager
def running_product(home: Path, *, at: str = MONDAY_MORNING) -> Iterator[Product]:
    """Start it over an empty home folder, and stop it at the end."""
    environment = {"MIZBAN_HOME": str(home), "MIZBAN_PORT": str(free_port())}
    with closing(programs.start("tests.browser.product", at, env=environment)) as process:
        yield _product(process)
        process.send_signal(signal.SIGTERM)
        with suppress(TimeoutError):  # it is killed then
            process.wait(ENDING)


def _said(process: Program) -> str:
    """What it prints until it has told everything."""
    said = ""
    for line in process.out:
        said += line.decode()
        if LAST_LINE in said:
            break
    return said


def _product(process: Program) -> Product:
    said = _said(process)
    found = [pattern.search(said) for pattern in (PHONES, DESK, PASSWORD)]
    values = [each[1] for each in found if each is not None]
    assert len(values) == len(found), f"it did not start: {said}\n{process.complaints()}"
    phones, desk, password = values
    return Product(phones, desk.rstrip("/"), password)


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
