"""Who gets which place: requests take, in the drawn order, the earliest places that suit them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from desk.draws.order import DrawnRequest


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """The times of one part of a day at one office, in their order; `places` is the number at each."""

    office: str
    day: date
    times: tuple[datetime, ...]
    places: tuple[int, ...]

    @property
    def lines(self) -> list[str]:
        """The group as lines of what is frozen before the seed is known: its head, and a line for each time."""
        return [
            f"group {self.office} {self.day.isoformat()} {len(self.times)}",
            *(f"{at.astimezone(UTC).isoformat()} {places}" for at, places in zip(self.times, self.places, strict=True)),
        ]


@dataclass(frozen=True, slots=True, order=True)
class DrawnPlace:
    """A place by the position of its group, and of its time in the group."""

    group: int
    time: int


Allotted = Mapping[str, tuple[DrawnPlace, ...]]
"""The places of each request that was drawn, by its id: as many as it has people."""


def allot(
    order: Sequence[DrawnRequest],
    groups: Sequence[PlaceGroup],
    *,
    priority_share: int,
    seen: Callable[[], None] = lambda: None,
) -> Allotted:
    """The places of all who are drawn.

    At most `priority_share` percent of the places go to requests with priority first, in their order; the rest to all
    who are left, in order. Places of a household are at one time, or at times that follow each other in one group.
    Where no group has room for it, it takes none, and the next request is looked at. `seen` is called after each
    request, for a display of progress.
    """
    left = _Left(groups)
    reserved = left.total * priority_share // 100
    found: dict[str, tuple[DrawnPlace, ...]] = {}
    for request in order:
        if request.has_priority and request.people <= reserved:
            places = left.take(request)
            if places:
                found[request.id] = places
                reserved -= request.people
    for request in order:
        if request.id not in found:
            places = left.take(request)
            if places:
                found[request.id] = places
        seen()
    return found


class _Left:
    """The places that are left while requests take theirs."""

    def __init__(self, groups: Sequence[PlaceGroup]) -> None:
        self._places = [list(group.places) for group in groups]
        self._sums = [sum(places) for places in self._places]
        self._first: dict[int, int] = {}
        """By the size of a request, the first group that may have room: places only become fewer."""
        self.total = sum(self._sums)

    def take(self, request: DrawnRequest) -> tuple[DrawnPlace, ...]:
        """The earliest places for all its people; () = there are none."""
        size = request.people
        for group in request.groups or self._groups_for(size):
            if self._sums[group] >= size and (run := self._run(group, size)):
                return self._taken(group, run)
            if not request.groups:
                self._first[size] = group + 1
        return ()

    def _groups_for(self, size: int) -> Iterable[int]:
        return range(self._first.get(size, 0), len(self._places))

    def _run(self, group: int, size: int) -> list[tuple[int, int]]:
        """The earliest times that follow each other with a place for all: (time, places taken there)."""
        run: list[tuple[int, int]] = []
        missing = size
        for time, places in enumerate(self._places[group]):
            if not places:
                run, missing = [], size
                continue
            run.append((time, min(places, missing)))
            missing -= run[-1][1]
            if not missing:
                return run
        return []

    def _taken(self, group: int, run: Sequence[tuple[int, int]]) -> tuple[DrawnPlace, ...]:
        for time, places in run:
            self._places[group][time] -= places
            self._sums[group] -= places
        return tuple(DrawnPlace(group, time) for time, places in run for _ in range(places))
