"""The plot of what became of the places: bars inside each other, told apart by shape, drawn as SVG without a script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from desk.figures.course import Period

WIDTH, HEIGHT = 960, 260
"""Of the drawing, in its own units."""
LEFT, TOP, FOOT = 12, 14, 34
"""Free at its sides, above, and below for the days; the numbers stand at the right, where reading begins."""
NUMBERS = 52
MOST_LABELS = 14
SHARES = {"released": 0.86, "booked": 0.62, "came": 0.4, "served": 0.18}
"""The width of the bar of each count as a share of the room of a period; the later ones lie inside the earlier."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle; `count` names what it counts."""

    count: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """One period: its bars, the line of what was planned, and its day where it is named below."""

    bars: tuple[Bar, ...]
    x: float
    width: float
    planned_y: float
    middle: float
    named: date | None


@dataclass(frozen=True, slots=True)
class GridLine:
    """A line across with its number."""

    y: float
    number: int


@dataclass(frozen=True, slots=True)
class Plot:
    """Everything that is drawn, in the units of WIDTH and HEIGHT."""

    columns: tuple[Column, ...]
    levels: tuple[GridLine, ...]


def plot_of(periods: Sequence[Period], *, today: date) -> Plot | None:
    """The plot of these periods from right to left; None where all are zero. Nobody came yet to a day ahead."""
    most = max((max(each.course.planned, each.course.released, each.course.booked) for each in periods), default=0)
    if most == 0:
        return None
    top = _round_up(most)
    floor = HEIGHT - FOOT
    tall = floor - TOP
    room = (WIDTH - LEFT - NUMBERS) / len(periods)
    step = -(-len(periods) // MOST_LABELS)
    columns = []
    for number, each in enumerate(periods):
        middle = WIDTH - NUMBERS - room * (number + 0.5)
        counts = ("released", "booked") if each.first > today else tuple(SHARES)
        columns.append(
            Column(
                bars=tuple(
                    _bar(count, getattr(each.course, count) * tall / top, room=room, middle=middle, floor=floor)
                    for count in counts
                ),
                x=round(middle - room / 2, 1),
                width=round(room, 1),
                planned_y=round(floor - each.course.planned * tall / top, 1),
                middle=round(middle, 1),
                named=each.first if number % step == 0 else None,
            )
        )
    levels = tuple(GridLine(round(floor - tall * part / 2, 1), top * part // 2) for part in range(3))
    return Plot(columns=tuple(columns), levels=levels)


def _bar(count: str, height: float, *, room: float, middle: float, floor: float) -> Bar:
    width = room * SHARES[count]
    return Bar(count, round(middle - width / 2, 1), round(floor - height, 1), round(width, 1), round(height, 1))


def _round_up(most: int) -> int:
    """The next even number with one digit before its zeros, so that half of it is whole."""
    step = 10 ** (len(str(most)) - 1)
    top = -(-most // step) * step
    even: int = top + top % 2
    return even
