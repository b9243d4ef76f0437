"""The order in which requests are drawn: each holds lots, and the smallest of its lots decides."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

MOST_LOTS = 8
"""So that nobody who has just come is without hope."""
DAYS_A_LOT = 7
"""Days of waiting for one more lot."""


@dataclass(frozen=True, slots=True)
class DrawnRequest:
    """What the list of a draw says of a request; it names nobody."""

    id: str
    """16 random signs, drawn with the request and shown to its person."""
    lots: int
    people: int = 1
    """A household is drawn whole; where one place serves all of it, it counts as one."""
    has_priority: bool = False
    groups: tuple[int, ...] = ()
    """The groups of times that suit it, in their order; () = all."""

    @property
    def line(self) -> str:
        """The request as a line of the list whose hash is published before the seed is known."""
        groups = ",".join(map(str, self.groups)) or "all"
        return f"{self.id} {self.lots} {self.people} {'first' if self.has_priority else 'usual'} {groups}"


def lots_of(days_waited: int) -> int:
    """The lots of a request that has waited so many whole days: one, and one more a week, at most MOST_LOTS."""
    return min(MOST_LOTS, 1 + max(0, days_waited) // DAYS_A_LOT)


def lot(seed: bytes, request_id: str, number: int) -> bytes:
    """The lot of this number (1, 2, …) of a request: HMAC-SHA256 of «id number» under the seed."""
    return hmac.digest(seed, f"{request_id} {number}".encode(), "sha256")


def smallest_lot(seed: bytes, request: DrawnRequest) -> bytes:
    """The lot that counts. A request with twice the lots comes before another one twice as often."""
    return min(lot(seed, request.id, number) for number in range(1, request.lots + 1))


def in_order(requests: Sequence[DrawnRequest], *, seed: bytes) -> list[DrawnRequest]:
    """The requests by their smallest lots."""
    return sorted(requests, key=lambda request: (smallest_lot(seed, request), request.id))
