"""`mizban serve` whose hashes of numbers are not stretched: `python -m benchmarks.serving`.

Stretching a number costs its 0.16 seconds by intent, and only where somebody writes one: it is a figure of its own.
With it, exchanges would be measured by how many of them hold a number.
"""

from __future__ import annotations

import sys

from desk import identity
from desk.identity import Mark, Stretch
from mizban.__main__ import run

CHEAPEST = Stretch("w1", memory=8, passes=1)


def stretch_once() -> None:
    """One hash of a number, as an installation makes it."""
    identity.stretched(Mark("a1.00000000", "0" * 64))


if __name__ == "__main__":
    identity.IN_USE.now = CHEAPEST
    sys.exit(run(["serve"]))
