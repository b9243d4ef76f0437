"""Says how the week of a queue becomes another: the days that differ with their hours, and the places of the week."""

from __future__ import annotations

from collections.abc import Sequence

from backoffice.brought_in.difference import ChangedValue
from backoffice.capacity.saying import days_alike, said_day, said_weekdays
from desk.capacity.dated_weeks import OtherWeek
from desk.capacity.weeks import DAYS_OF_A_WEEK
from desk.language.text import FullDay, Param, Text, words
from desk.values import LocalDay

_ = words("brought_in")


def said_changes(weeks: Sequence[OtherWeek], *, queue_id: int) -> list[ChangedValue]:
    """What the page shows of these weeks of a queue, each with its days."""
    found = []
    for week in weeks:
        sign = f"{queue_id} {week.first}..{week.last}"
        differing = {
            weekday: (week.before.days[weekday], week.after.days[weekday])
            for weekday in range(DAYS_OF_A_WEEK)
            if week.before.days[weekday] != week.after.days[weekday]
        }
        for days, (old, new) in days_alike(differing):
            found.append(
                ChangedValue(
                    title=_when(week, said_weekdays(days)),
                    old=said_day(old),
                    new=said_day(new),
                    old_sign=f"{sign} {days} {old}",
                    new_sign=f"{sign} {days} {new}",
                )
            )
        old_places, new_places = week.before.places, week.after.places
        found.append(
            ChangedValue(
                title=_("Places a week"),
                old=old_places,
                new=new_places,
                old_sign=f"{sign} {old_places}",
                new_sign=f"{sign} {new_places}",
            )
        )
    return found


def _when(week: OtherWeek, days: Param) -> Text:
    first = FullDay(LocalDay(week.first))
    if week.last is None:
        return _("{days} from {first} on", days=days, first=first)
    return _("{days} from {first} to {last}", days=days, first=first, last=FullDay(LocalDay(week.last)))
