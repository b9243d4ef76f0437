"""`python -m benchmarks [name …]`: run the benchmarks, print a row a figure, write var/bench.json, judge the musts."""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure

BENCHMARKS = {
    "turns": "benchmarks.turns",
    "bookings": "benchmarks.bookings",
    "search": "benchmarks.search",
    "pages": "benchmarks.pages",
}
"""Name on the command line → module with `def measure(*, rounds) -> list[Figure]`."""

ROUNDS = int(os.environ.get("ROUNDS", "3"))
REPORT = Path("var/bench.json")


def table_of(figures: list[Figure]) -> Table:
    table = Table("name", "value", "unit", "baseline", "ratio", "must", "", title=r"median \[min-max] of the rounds")
    for figure in figures:
        ratio = figure.ratio
        baseline = "" if figure.baseline is None else f"{figure.baseline_name} {figure.baseline.median:.4g}"
        must = "" if figure.must is None else f"{figure.direction} {figure.must:g}"
        table.add_row(
            figure.name,
            f"{figure.value.median:.4g} {figure.value.spread}",
            figure.unit,
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
    figures: list[Figure] = []
    for name in names or list(BENCHMARKS):
        console.print(f"measuring {name} …")
        module = importlib.import_module(BENCHMARKS[name])
        figures += module.measure(rounds=ROUNDS)
    console.print(table_of(figures))
    for figure in figures:
        if figure.note:
            console.print(f"{figure.name}: {figure.note}")
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps([figure.as_json() for figure in figures], indent=2) + "\n")
    short = [figure.name for figure in figures if not figure.is_met]
    if short:
        console.print(f"{len(short)} of {len(figures)} fall short: {', '.join(short)}")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
