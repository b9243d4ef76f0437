"""The counts that are shown before erasing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Held:
    """What the desk holds about a chat, as counts by the names that the subjects give them."""

    counts: Mapping[str, int]

    def __getitem__(self, name: str) -> int:
        return self.counts[name]

    def __bool__(self) -> bool:
        return any(self.counts.values())
