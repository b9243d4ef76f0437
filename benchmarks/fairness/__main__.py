"""`python -m benchmarks.fairness [regime …] [seed …]`: thirty runs, whose table and plots are written to var/fairness.

Its exit code is 1 where an aim is missed. What is done is written after each run, so that nothing is lost.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from time import perf_counter

from rich.console import Console

from benchmarks.fairness.many_runs import ALL, simulate
from benchmarks.fairness.outcome import Outcome
from benchmarks.fairness.parameters import SEEDS, USUAL
from benchmarks.fairness.report import missed, plots, table
from benchmarks.fairness.running import REGIMES

CONSOLE = Console(width=170, highlight=False)
FOLDER = Path("var/fairness")


def write(found: Sequence[Outcome], runs: int, *, begun: float) -> None:
    """All that is known by now."""
    last = found[-1]
    CONSOLE.print(
        f"{len(found)} of {runs} after {perf_counter() - begun:.0f} s: {last.regime}, seed {last.seed}: "
        f"{last.broker:.1%} in the broker's hands"
    )
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "runs.json").write_text(json.dumps([asdict(each) for each in found], indent=2) + "\n")
    (FOLDER / "table.md").write_text(table(found, USUAL))
    for name, text in plots(found).items():
        (FOLDER / name).write_text(text)


def main(words: Sequence[str]) -> int:
    seeds = [int(word) for word in words if word.isdecimal()]
    names = [word for word in words if not word.isdecimal()]
    unknown = [name for name in names if name not in ALL]
    if unknown:
        CONSOLE.print(f"There is no regime named {unknown[0]}; there are: {', '.join(ALL)}.")
        return 2
    seen = partial(write, begun=perf_counter())
    found = simulate(names or [regime.name for regime in REGIMES], seeds or SEEDS, seen=seen)
    CONSOLE.print(table(found, USUAL))
    for aim in missed(found, USUAL):
        CONSOLE.print(f"missed: {aim}")
    return 1 if missed(found, USUAL) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
