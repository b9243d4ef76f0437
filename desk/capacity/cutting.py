"""What is left of a day when hours or counters of it close, or are added: pure functions over its ranges.

The starts that stay keep their minute: people have appointments at them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple


class CutKind(StrEnum):
    """What is done with a part of a day."""

    CLOSE = "close"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCut:
    """A part of a day that closes, or in which more counters open; minutes after midnight."""

    kind: CutKind
    opens: int | None = None
    closes: int | None = None
    """Both None = the whole day."""
    counters: int | None = None
    """How many counters; None = all of them, which only closing knows."""

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> DayCut:
        """The one whose fields are stored like this."""
        return cls(**{**told, "kind": CutKind(told["kind"])})

    @property
    def is_whole_day(self) -> bool:
        """Whether nothing of the day is left."""
        return self.kind is CutKind.CLOSE and self.opens is None and self.counters is None


class DayRange(NamedTuple):
    """A range of a day with nothing left open; minutes after midnight, and minutes for each person."""

    opens: int
    closes: int
    counters: int
    minutes: int


def cut(ranges: Iterable[DayRange], by: DayCut, *, usual_minutes: int | None = None) -> list[DayRange]:
    """What the day is afterwards; empty = closed.

    Hours that open where the day has none get `usual_minutes` for each person; None = the day stays closed then.
    """
    was = sorted(ranges)
    if by.kind is CutKind.OPEN:
        now = [*(part for each in was for part in _added(each, by)), *_new(was, by, usual_minutes)]
    else:
        now = [part for each in was for part in _left(each, by)]
    return sorted(part for part in now if part.closes - part.opens >= part.minutes)


def _within(each: DayRange, by: DayCut) -> tuple[int, int]:
    first = each.opens if by.opens is None else max(by.opens, each.opens)
    return first, each.closes if by.closes is None else min(by.closes, each.closes)


def _left(each: DayRange, by: DayCut) -> Iterator[DayRange]:
    """What a closing leaves: a visit that begins before its first minute and ends after it is hit too."""
    first, last = _within(each, by)
    if first >= last:
        yield each
        return
    begins = each.opens + (first - each.opens) // each.minutes * each.minutes
    ends = each.closes if last >= each.closes else _next_start(each, last)
    yield each._replace(closes=begins)
    counters = 0 if by.counters is None else each.counters - by.counters
    if counters > 0:
        yield each._replace(opens=begins, closes=min(ends, each.closes), counters=counters)
    if ends < each.closes:
        yield each._replace(opens=ends)


def _added(each: DayRange, by: DayCut) -> Iterator[DayRange]:
    """What more counters make of a range: only visits that lie within the hours are added."""
    first, last = _within(each, by)
    begins = _next_start(each, first)
    ends = each.closes if last >= each.closes else each.opens + (last - each.opens) // each.minutes * each.minutes
    if begins >= ends:
        yield each
        return
    yield each._replace(closes=begins)
    yield each._replace(opens=begins, closes=ends, counters=each.counters + (by.counters or 0))
    yield each._replace(opens=ends)


def _new(was: Sequence[DayRange], by: DayCut, usual_minutes: int | None) -> Iterator[DayRange]:
    """The hours that open where the day has had none."""
    minutes = was[-1].minutes if was else usual_minutes
    if by.opens is None or by.closes is None or minutes is None:
        return
    at = by.opens
    for each in was:
        if each.opens > at and at < by.closes:
            yield DayRange(at, min(each.opens, by.closes), by.counters or 1, minutes)
        at = max(at, each.closes)
    if at < by.closes:
        yield DayRange(at, by.closes, by.counters or 1, minutes)


def _next_start(each: DayRange, minute: int) -> int:
    """The first start of the range that is not before this minute."""
    return each.opens - (each.opens - minute) // each.minutes * each.minutes
