"""How fast this machine is just now: a fixed piece of work, timed beside the figures of the same run."""

from __future__ import annotations

import json
from time import perf_counter

QUIET_MS = 18.0
"""What the piece of work takes, in milliseconds, on the quiet machine of two cores that all figures speak of."""
TIMES = 20
_ROW = {"code": "482173051", "day": "1405-09-07", "name": "گل‌آقا", "places": list(range(40)), "is_open": True}


def piece_of_work() -> float:
    """Milliseconds that a piece of what a service does all day takes: text, dicts, numbers; the mean of many."""
    begun = perf_counter()
    for number in range(TIMES * 1500):
        row = json.loads(json.dumps(_ROW | {"number": number}))
        row["places"] = sorted(row["places"], key=lambda place: -place)
    return (perf_counter() - begun) * 1000 / TIMES


class Calibration:
    """The machine's speed over a run, as the mean of looks before and after each benchmark."""

    def __init__(self) -> None:
        self._looks: list[float] = []

    def look(self) -> None:
        self._looks.append(piece_of_work())

    @property
    def slowness(self) -> float:
        """How many times slower than the quiet machine the last two looks were; 1 = as fast."""
        looks = self._looks[-2:]
        return sum(looks) / len(looks) / QUIET_MS if looks else 1.0
