"""All runs of the simulation, as many at once as the machine has cores."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from benchmarks.fairness.desk_under_test import Laid, lay_out
from benchmarks.fairness.outcome import Outcome
from benchmarks.fairness.parameters import USUAL
from benchmarks.fairness.running import REGIMES, run

ALL = {regime.name: regime for regime in REGIMES}


def simulate(
    regimes: Sequence[str], seeds: Sequence[int], *, seen: Callable[[Sequence[Outcome], int], None]
) -> list[Outcome]:
    """Run each regime with each seed; `seen` is told after each run what there is by now, and of how many."""
    with tempfile.TemporaryDirectory(prefix="mizban-fair-") as folder:
        laid = lay_out(Path(folder) / "laid.sqlite3", USUAL)
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(os.cpu_count() or 1, mp_context=context) as processes:
            runs = [processes.submit(_run, name, seed, laid) for seed in seeds for name in regimes]
            found: list[Outcome] = []
            for done in as_completed(runs):
                found.append(done.result())
                seen(found, len(runs))
    return found


def _run(name: str, seed: int, laid: Laid) -> Outcome:
    return run(ALL[name], seed, laid, USUAL)
