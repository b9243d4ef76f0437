"""One measured figure beside its baseline, the rounds it comes from, and what it must reach."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Direction = Literal["at most", "at least"]


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

    def ratio_to(self, baseline: Rounds) -> Rounds:
        """Round by round, so that a slow minute of the machine hits both sides alike."""
        return Rounds(tuple(mine / its for mine, its in zip(self.values, baseline.values, strict=True)))


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of the report. `must` None = told, not judged."""

    name: str
    value: Rounds
    unit: str
    baseline_name: str = ""
    baseline: Rounds | None = None
    must: float | None = None
    direction: Direction = "at most"
    note: str = field(default="")

    @property
    def judged(self) -> float:
        """The number that `must` speaks of: the ratio where there is a baseline, else the value."""
        return self.ratio.median if self.ratio is not None else self.value.median

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
            "baseline": self.baseline_name or None,
            "baseline_value": None if self.baseline is None else self.baseline.median,
            "ratio": None if ratio is None else ratio.median,
            "must": None if self.must is None else f"{self.direction} {self.must:g}",
            "met": self.is_met,
            "note": self.note or None,
        }
