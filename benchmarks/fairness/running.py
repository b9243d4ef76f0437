"""One run: a regime, a seed, and the figures that come out."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from typing import Any, Final
from unittest.mock import patch

from benchmarks.fairness.broker import Broker
from benchmarks.fairness.course import Course, Regime
from benchmarks.fairness.desk_under_test import DeskUnderTest, Laid
from benchmarks.fairness.drawing import Draws, entries_of
from benchmarks.fairness.honest import HonestParty
from benchmarks.fairness.jobs import Jobs
from benchmarks.fairness.outcome import Outcome, outcome
from benchmarks.fairness.parameters import Parameters
from benchmarks.fairness.people import FIRST_DAY, clients, honest_parties, moment
from benchmarks.hoarding import NO_BOUND
from desk import codes
from desk.conversations.rules import USUAL
from desk.places import resting
from desk.waiting import keeping, place_in_line

FIRST_COME: Final = Regime("first-come", "Open, as it was before: who is faster")
WAITING: Final = Regime("waiting", "Open, with limits and waiting", has_limits=True, waits=True)
DRAW: Final = Regime("draw", "Draw", has_limits=True, waits=True, draws=True)
REGIMES: Final = (FIRST_COME, WAITING, DRAW)


class _Chance:
    """Chance of the desk itself, which is the system's otherwise."""

    def __init__(self, seed: int) -> None:
        self._random = Random(f"desk {seed}")

    def randbelow(self, below: int) -> int:
        return self._random.randrange(below)

    def choice(self, of: Any) -> Any:
        return self._random.choice(of)

    def token_hex(self, count: int) -> str:
        return self._random.randbytes(count).hex()


@contextmanager
def _chance_of(seed: int) -> Iterator[None]:
    """All chance of the desk follows from the seed, which has to give the same run each time.

    The people are the same in each run: without the seed in them they would have the same lots in each.
    """
    lot, chance = place_in_line.lot, _Chance(seed)
    with ExitStack() as until:
        for module in (resting, keeping):
            until.enter_context(patch.object(module, "secrets", chance))
        until.enter_context(patch.object(codes, "_SYSTEM_RANDOM", Random(f"codes {seed}")))
        until.enter_context(patch.object(place_in_line, "lot", lambda drawn_by: lot(f"{seed} {drawn_by}")))
        yield


def run(regime: Regime, seed: int, laid: Laid, given: Parameters) -> Outcome:
    """Let all days pass under this regime."""
    with _chance_of(seed), tempfile.TemporaryDirectory(prefix="mizban-fair-", dir=_fast_folder()) as folder:
        desk = DeskUnderTest(laid, Path(folder) / "run.sqlite3", given, limits=USUAL if regime.has_limits else NO_BOUND)
        try:
            return _run(desk, regime, seed, given)
        finally:
            desk.close()


def _run(desk: DeskUnderTest, regime: Regime, seed: int, given: Parameters) -> Outcome:
    course = Course(desk, given, regime, Random(f"conduct {seed}"))
    demand = Random(f"demand {seed}")  # the same under each regime
    parties, paying = honest_parties(given, demand), clients(given, demand)
    for party, chat, people in zip(parties, desk.laid.chats, desk.laid.people, strict=True):
        party.chat, party.people = chat, people
    Jobs(course)
    broker = Broker(course, paying)
    honest = [HonestParty(course, party) for party in parties]
    draws = Draws(course, entries_of(honest, broker)) if regime.draws else None

    def wake() -> None:
        if desk.is_woken:
            desk.is_woken = False
            broker.wake()

    course.after_each = wake
    course.run(until=moment(FIRST_DAY + given.demand.days_ahead + given.demand.days))
    drawn = (draws.offered, draws.lapsed) if draws else (0, 0)
    return outcome(course, seed=seed, honest=honest, broker=broker, drawn=drawn)


def _fast_folder() -> str | None:
    """Memory, where the machine offers it as a folder."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # a name of its own is made in it
