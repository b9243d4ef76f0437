"""The form of a queue's whole week: seven days, each with any number of ranges, and from when to when it holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from litestar.datastructures import ImmutableMultiDict
from wtforms import Form

from backoffice.capacity.saying import said_day
from backoffice.forms.choices import Several, Tick
from backoffice.forms.fields import TextLine, field_named
from backoffice.forms.numbers import Day, Number, TimeOfDay
from backoffice.forms.versions import EditForm
from desk.capacity.planned_hours import Hours
from desk.capacity.rules import AtRange
from desk.capacity.weeks import DAYS_OF_A_WEEK, Week
from desk.language import vocabulary
from desk.language.text import Text, words

_ = words("capacity")

MOST_RANGES = 8
"""The most ranges of a day that the form shows."""
USUAL = Hours(opens=8 * 60, closes=14 * 60, minutes_per_person=15, counters=1)
"""What new hours of a closed day begin with."""
NAMES = ("opens", "closes", "counters", "minutes")
"""The fields of a range."""
WORKING_DAYS = frozenset(range(5))
"""The weekdays that are ticked at first where a day is copied: Saturday to Wednesday."""


class RangeForm(Form):
    """One range of a day."""

    opens = TimeOfDay(_("From"))
    closes = TimeOfDay(_("To"))
    counters = Number(_("Counters"), least=1, most=200)
    minutes = Number(_("Minutes for each person"), least=1, most=480)

    @property
    def is_blank(self) -> bool:
        """Whether somebody emptied its hours, by which it is taken out."""
        return not self.opens.typed.strip() and not self.closes.typed.strip()

    @property
    def key(self) -> str:
        """Its weekday and number, as the buttons of the page name it."""
        return self.opens.name.removeprefix("d").removesuffix("-opens").replace("r", "-")

    @property
    def hours(self) -> Hours:
        """What was written; only of a valid one."""
        return Hours(self.opens.data, self.closes.data, self.minutes.data, self.counters.data)


class WeekForm(EditForm):
    """What the form says beside its ranges."""

    proposed = frozenset({"valid_from", "valid_to", "goes_back", "is_meant", "also", "offices"})

    valid_from = Day(_("Valid from"))
    valid_to = Day(_("Valid to"), required=False)
    goes_back = Tick(_("After the last day the hours of before hold again"))
    also = Several(_("The same week for these queues too"), required=False)
    offices = TextLine(
        _("Codes of other offices"),
        required=False,
        longest=400,
        hint=_("Such as 72-1102, 72-1103. Their queues with the same services are then listed here."),
    )
    is_meant = Tick(_("Yes, these numbers are meant"))


@dataclass(slots=True)
class DayOfGrid:
    """One weekday with its ranges, and the days that its copy is offered for."""

    weekday: int
    ranges: list[RangeForm]

    @property
    def may_grow(self) -> bool:
        """Whether there is room for one range more."""
        return len(self.ranges) < MOST_RANGES

    @property
    def name(self) -> Text:
        """The name of the weekday."""
        return vocabulary.weekday(self.weekday)

    @property
    def others(self) -> list[tuple[int, Text, bool]]:
        """The other weekdays, each with whether its tick stands at first."""
        return [
            (each, vocabulary.weekday(each), each in WORKING_DAYS)
            for each in range(DAYS_OF_A_WEEK)
            if each != self.weekday
        ]


Grid = list[DayOfGrid]


def prefix_of(weekday: int, number: int) -> str:
    """How the fields of a range begin."""
    return f"d{weekday}r{number}-"


def new_range(weekday: int, number: int, hours: Hours) -> RangeForm:
    """A range with these values."""
    values = {"opens": hours.opens, "closes": hours.closes, "counters": hours.counters}
    return RangeForm(prefix=prefix_of(weekday, number), data={**values, "minutes": hours.minutes_per_person})


def grid_of(week: Week) -> Grid:
    """The grid with the ranges of a week."""
    return [
        DayOfGrid(weekday, [new_range(weekday, number, hours) for number, hours in enumerate(week.days[weekday])])
        for weekday in range(DAYS_OF_A_WEEK)
    ]


def grid_sent(form: ImmutableMultiDict[Any]) -> Grid:
    """The grid as it was sent, without the ranges whose hours are empty."""
    days = []
    for weekday in range(DAYS_OF_A_WEEK):
        prefixes = [prefix_of(weekday, number) for number in range(MOST_RANGES)]
        sent = [RangeForm(form, prefix=prefix) for prefix in prefixes if f"{prefix}opens" in form]
        days.append(DayOfGrid(weekday, [each for each in sent if not each.is_blank]))
    return days


def fields_of(grid: Grid) -> list[RangeForm]:
    """All ranges of the grid."""
    return [each for day in grid for each in day.ranges]


def is_valid(grid: Grid) -> bool:
    """Whether each range can be read; those that cannot bear their reasons."""
    faults = [each for each in fields_of(grid) if not each.validate()]
    return not faults


def week_in(grid: Grid) -> Week:
    """The week of a valid grid, in the order of the form."""
    return Week(tuple(tuple(each.hours for each in day.ranges) for day in grid))


def at_range(grid: Grid) -> Iterator[tuple[AtRange, RangeForm]]:
    """Each range with where it stands."""
    for day in grid:
        for number, each in enumerate(day.ranges):
            yield AtRange(day.weekday, number), each


def with_one_more(grid: Grid, *, weekday: int) -> None:
    """Add a range to a day: after the last one, or the usual hours where it is closed; it gets the keyboard."""
    day = grid[weekday]
    if len(day.ranges) >= MOST_RANGES:
        return
    last = day.ranges[-1] if day.ranges else None
    taken = {each.opens.name for each in day.ranges}
    number = next(each for each in range(MOST_RANGES) if f"{prefix_of(weekday, each)}opens" not in taken)
    added = new_range(weekday, number, USUAL)
    if last is not None:
        values = {"counters": last.counters.data, "minutes": last.minutes.data}
        added = RangeForm(prefix=prefix_of(weekday, number), data=values)
    added.opens.has_focus = True
    day.ranges.append(added)


def without(grid: Grid, *, weekday: int, number: int) -> None:
    """Take the range out whose fields have this number."""
    name = f"{prefix_of(weekday, number)}opens"
    grid[weekday].ranges = [each for each in grid[weekday].ranges if each.opens.name != name]


def copied(grid: Grid, *, weekday: int, to: Collection[int]) -> None:
    """Let other days have the ranges of this one, as they were written."""
    for other in set(to) - {weekday}:
        ranges = []
        for number, each in enumerate(grid[weekday].ranges):
            prefix = prefix_of(other, number)
            typed = {f"{prefix}{name}": field_named(each, name).typed for name in NAMES}
            ranges.append(RangeForm(ImmutableMultiDict(typed), prefix=prefix))
        grid[other].ranges = ranges


F = TypeVar("F", bound=EditForm)


def with_week(form: F, week: Week) -> F:
    """Treat the hours of each weekday as a value of the form."""
    for weekday in range(DAYS_OF_A_WEEK):
        value = ";".join(
            f"{each.opens}-{each.closes}/{each.minutes_per_person}*{each.counters}" for each in week.days[weekday]
        )
        form.declare(f"d{weekday}", vocabulary.weekday(weekday), value=value, shown=said_day(week.days[weekday]))
    return form
