"""Says a week in four figures, and what the record of visits says of the minutes for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backoffice.capacity.outlook import PlacesLine
from desk.capacity.weeks import DAYS_OF_A_WEEK, Week
from desk.language import vocabulary
from desk.language.text import Param, Text, series, words
from desk.values import Duration
from desk.worksheets.rules import (
    FEWEST_DAYS,
    FEWEST_VISITS,
    MOST_DAYS_BACK,
    Measured,
    minutes_stated,
    with_minutes,
)

_ = words("worksheets")


@dataclass(frozen=True, slots=True)
class FiguresOfWeek:
    """Counters, hours, minutes for a person, and the places that result."""

    counters: int
    open_for: Text
    minutes: Param | None
    """None = the queue is closed all week."""
    places: int


@dataclass(frozen=True, slots=True)
class ProposedMinutes:
    """A figure for the minutes of a person, with what it comes to; nothing is proposed where too little is known."""

    minutes: int
    said: Text
    is_other: bool
    """Whether it differs from what is stated."""


def figures_of(week: Week) -> FiguresOfWeek:
    """A week in figures."""
    hours = [each for day in week.days for each in day]
    stated = minutes_stated(week)
    return FiguresOfWeek(
        counters=max((each.counters for each in hours), default=0),
        open_for=_hours(sum(each.closes - each.opens for each in hours)),
        minutes=series(*map(Duration, stated)) if stated else None,
        places=week.places,
    )


def _hours(minutes: int) -> Text:
    """A length in hours, also above a day: nobody counts the hours of a week in days."""
    n, rest = divmod(minutes, 60)
    return _("{n} hours and {time}", n=n, time=Duration(rest)) if rest else _("{n} hours", n=n)


def said_record(found: Measured) -> list[Text]:
    """What was really served, in sentences; where too little is known, that alone."""
    lines = []
    if found.median is None or found.most is None:
        lines.append(
            _(
                "Too little is known of the last {n} days: {visits} visits on {days} days. {least} on {few} needed.",
                n=MOST_DAYS_BACK,
                visits=found.visits,
                days=found.days,
                least=FEWEST_VISITS,
                few=FEWEST_DAYS,
            )
        )
    else:
        lines.append(
            _("{n} visits on {days} days of the last {back}", n=found.visits, days=found.days, back=MOST_DAYS_BACK)
        )
        lines.append(_("Half of the people needed {time} at most.", time=Duration(found.median)))
        lines.append(_("Four of five people needed {time} at most.", time=Duration(found.most)))
        if found.counters is not None:
            lines.append(_("On half of the days no more than {n} counters served.", n=found.counters))
    if found.waited is not None:
        half, most = map(Duration, found.waited)
        lines.append(_("Half of the people waited {half} at most, four of five {most}.", half=half, most=most))
    if found.left_out:
        lines.append(
            _(
                "{n} visits say nothing of this: the first of a day, or what was not recorded at its time.",
                n=found.left_out,
            )
        )
    return lines


def proposal_for(week: Week, found: Measured) -> ProposedMinutes | None:
    """The minutes that four of five people needed, with the places that this week would have by them."""
    if found.most is None or not week.places:
        return None
    other, time = with_minutes(week, minutes=found.most), Duration(found.most)
    if minutes_stated(week) == (found.most,):
        return ProposedMinutes(found.most, _("The figure fits: four of five people needed no more."), is_other=False)
    return ProposedMinutes(
        found.most,
        _(
            "Proposed: {time} for each person, for four of five needed no more. Places a week: {new} instead of {old}.",
            time=time,
            new=other.places,
            old=week.places,
        ),
        is_other=True,
    )


def days_beside(before: Week, after: Week) -> Sequence[PlacesLine]:
    """The places of each weekday in two weeks."""
    return [
        PlacesLine(vocabulary.weekday(day), before.places_on(day), after.places_on(day))
        for day in range(DAYS_OF_A_WEEK)
    ]
