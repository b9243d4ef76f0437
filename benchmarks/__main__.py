"""`python -m benchmarks [name …]`: run the benchmarks, print a row a figure, write var/bench.json, judge the
required figures."""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.calibration import Calibration
from benchmarks.figures import Figure, NotTaken

BENCHMARKS = {
    "start": "benchmarks.start",
    "exchanges": "benchmarks.exchanges",
    "bookings": "benchmarks.bookings",
    "search": "benchmarks.search",
    "pages": "benchmarks.pages",
    "board": "benchmarks.board",
    "many_offices": "benchmarks.many_offices",
    "encrypting": "benchmarks.encrypting",
    "hoarding": "benchmarks.hoarding",
    "matching": "benchmarks.matching",
    "drawing": "benchmarks.drawing",
    "planning": "benchmarks.planning",
    "migrating": "benchmarks.migrating",
}
"""Name on the command line → module with `def measure(*, rounds) -> Iterable[Figure | NotTaken]`."""

BY_NAME_ALONE = frozenset({"migrating"})
"""Not measured where no name is given: what takes longer than all others together."""

ROUNDS = int(os.environ.get("ROUNDS", "3"))
REPORT = Path("var/bench.json")


def table_of(figures: list[Figure]) -> Table:
    table = Table(
        "name", "value", "unit", "scaled", "baseline", "ratio", "must", "", title=r"median \[min-max] of the rounds"
    )
    for figure in figures:
        ratio = figure.ratio
        baseline = "" if figure.baseline is None else f"{figure.baseline_name} {figure.baseline.median:.4g}"
        must = "" if figure.must is None else f"{figure.direction} {figure.must:g}"
        table.add_row(
            figure.name,
            f"{figure.value.median:.4g} {figure.value.spread}",
            figure.unit,
            "" if figure.scaled is None else f"{figure.scaled:.4g}",
            baseline,
            "" if ratio is None else f"{ratio.median:.3g} {ratio.spread}",
            must,
            "" if figure.must is None else ("met" if figure.is_met else "SHORT"),
        )
    return table


def main(names: list[str]) -> int:
    console = Console(width=170)
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        console.print(f"There is no benchmark named {unknown[0]}; there are: {', '.join(BENCHMARKS)}.")
        return 2
    figures, missing = measured(names or [name for name in BENCHMARKS if name not in BY_NAME_ALONE], console)
    console.print(table_of(figures))
    for figure in figures:
        if figure.note:
            console.print(f"{figure.name}: {figure.note}")
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps([figure.as_json() for figure in figures], indent=2) + "\n")
    short = [figure.name for figure in figures if not figure.is_met]
    if short:
        console.print(f"{len(short)} of {len(figures)} fall short: {', '.join(short)}")
    for reason in missing:
        console.print(f"not taken: {reason}")
    return 1 if short or missing else 0


def measured(names: list[str], console: Console) -> tuple[list[Figure], list[str]]:
    """The figures that could be taken, each with the machine's slowness at the time, and the reasons of the others."""
    figures: list[Figure] = []
    missing: list[str] = []
    calibration = Calibration()
    calibration.look()
    for name in names:
        console.print(f"measuring {name} …")
        try:
            rows = list(importlib.import_module(BENCHMARKS[name]).measure(rounds=ROUNDS))
        except NotTaken as reason:
            rows = [reason]
        calibration.look()
        for row in rows:
            if isinstance(row, NotTaken):
                missing.append(f"{name}: {row}")
            else:
                row.slowness = calibration.slowness
                figures.append(row)
    return figures, missing


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
