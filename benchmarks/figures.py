"""A measured figure with its baseline, its rounds, and the value it has to reach."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Direction = Literal["at most", "at least"]
DURATIONS = frozenset({"ms", "s", "us CPU"})
"""Units whose figures grow where the machine is slow."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """The values of one thing over the rounds of a run; the median is what is quoted."""

    values: tuple[float, ...]

    @classmethod
    def of(cls, values: Sequence[float]) -> Rounds:
        return cls(tuple(values))

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def spread(self) -> str:
        return f"[{min(self.values):.4g}-{max(self.values):.4g}]"

    @property
    def width(self) -> float:
        """How wide the middle half of the values is, as a share of the median; a single round far off leaves it."""
        lower, _, upper = statistics.quantiles(self.values, n=4, method="inclusive")
        return (upper - lower) / self.median

    def ratio_to(self, baseline: Rounds) -> Rounds:
        """Round by round, so that a slow minute of the machine hits both sides alike."""
        return Rounds(tuple(mine / its for mine, its in zip(self.values, baseline.values, strict=True)))


class NotTaken(Exception):
    """A figure could not be measured; the text says which and why. The others are measured all the same."""


@dataclass(slots=True)
class Figure:
    """A row of the report. `must` None = reported, not judged. A value in ms or s is judged as on the quiet machine."""

    name: str
    value: Rounds
    unit: str
    baseline_name: str = ""
    baseline: Rounds | None = None
    must: float | None = None
    direction: Direction = "at most"
    note: str = field(default="")
    slowness: float = 1.0
    """How many times slower than the quiet machine this one was while the figure was taken."""

    @property
    def scaled(self) -> float | None:
        """What a duration would be on the quiet machine; a ratio needs no scaling."""
        return self.value.median / self.slowness if self.unit in DURATIONS else None

    @property
    def judged(self) -> float:
        """The number that `must` speaks of: the ratio where there is a baseline, else the value, scaled."""
        if self.ratio is not None:
            return self.ratio.median
        return self.value.median if self.scaled is None else self.scaled

    @property
    def ratio(self) -> Rounds | None:
        return None if self.baseline is None else self.value.ratio_to(self.baseline)

    @property
    def is_met(self) -> bool:
        if self.must is None:
            return True
        return self.judged <= self.must if self.direction == "at most" else self.judged >= self.must

    def as_json(self) -> dict[str, object]:
        ratio = self.ratio
        return {
            "name": self.name,
            "value": self.value.median,
            "rounds": list(self.value.values),
            "unit": self.unit,
            "scaled": self.scaled,
            "baseline": self.baseline_name or None,
            "baseline_value": None if self.baseline is None else self.baseline.median,
            "ratio": None if ratio is None else ratio.median,
            "must": None if self.must is None else f"{self.direction} {self.must:g}",
            "met": self.is_met,
            "note": self.note or None,
        }
