"""Says in the history what changes of weekly hours changed: the new hours of which days, and those of before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from backoffice.capacity.saying import days_alike, said_day, said_differing, said_hours, said_weekdays
from desk.capacity.planned_hours import Hours
from desk.capacity.rules import DayHours, ExceptionKind
from desk.language.text import FullDay, Localised, Param, Text, series, words
from desk.values import ClockTime, LocalDay

_ = words("history")


def said_week(data: Mapping[str, Any]) -> Iterator[Param]:
    """The days of a week that changed, those with the same old and new hours together, and from when to when."""
    old, new = data.get("old", {}), data.get("new", {})
    changed = {int(day): (_ranges(old.get(day)), _ranges(new.get(day))) for day in {*old, *new} if day.isdecimal()}
    for days, (before, after) in days_alike(changed):
        yield _(
            "{days}: now {hours}; before that {old}.",
            days=said_weekdays(days),
            hours=said_day(after),
            old=said_day(before),
        )
    yield _dates(data)
    match data.get("places"):
        case [int(was), int(now)]:
            yield _("Places a week: {new}; before that {old}.", new=now, old=was)


def said_rule(data: Mapping[str, Any]) -> Iterator[Param]:
    """The hours that were entered for some weekdays."""
    new, days = data.get("new", {}), data.get("weekdays", [])
    hours = Hours(new["opens"], new["closes"], new["minutes_per_person"], new["counters"])
    yield _("{days}: now {hours}.", days=said_weekdays(days), hours=said_hours(hours))
    yield _dates(new)


def said_differing_day(data: Mapping[str, Any]) -> Iterator[Param]:
    """A day that was changed: what held on it, and what holds now."""
    yield FullDay(LocalDay(date.fromisoformat(str(data.get("day")))))
    yield _("Now {hours}; before that {old}.", hours=_differing(data.get("new")), old=_differing(data.get("old")))


def said_own_horizon(data: Mapping[str, Any]) -> Iterator[Param]:
    """What an office said of the days that it opens, and what it says now."""
    old, new = data.get("old", {}), data.get("new", {})
    was, now = old.get("days_ahead"), new.get("days_ahead")
    if was != now:
        yield _("Days ahead that are open: now {new}; before that {old}.", new=_own(now), old=_own(was))
    hour, before = new.get("opens_at"), old.get("opens_at")
    if hour != before:
        yield _("A new day opens: now {new}; before that {old}.", new=_own_hour(hour), old=_own_hour(before))


def said_shares(data: Mapping[str, Any]) -> Iterator[Param]:
    """The shares of a queue and when they open to everybody, as far as they changed."""
    old, new = data.get("old") or {}, data.get("new") or {}
    for name, said in SHARES.items():
        if name in new and new[name] != old.get(name):
            yield said(new[name], old.get(name, 0))


def said_quota(data: Mapping[str, Any]) -> Iterator[Param]:
    """How many people a day the queue takes for a service, and how many until then."""
    (_id, was), (_same, now) = data["old"]["quota"], data["new"]["quota"]
    yield _(
        "{service}: now {new}; before that {old}.",
        service=Localised(data.get("service") or {}),
        new=_people(now),
        old=_people(was),
    )


def _people(number: int | None) -> Text:
    return _("as many as there are places") if number is None else _("{n} people a day at most", n=number)


def _percent(of: str) -> Callable[[int, int], Text]:
    if of == "desk":
        return lambda new, old: _("For the desk: now {new} percent of the places; before that {old}.", new=new, old=old)
    return lambda new, old: _(
        "For people without a turn: now {new} percent of the places; before that {old}.", new=new, old=old
    )


def _hours(of: str) -> Callable[[int, int], Text]:
    if of == "desk":
        return lambda new, old: _(
            "The desk's open to everybody: now {new} hours before; before that {old}.", new=new, old=old
        )
    return lambda new, old: _(
        "Those for people without a turn open to everybody: now {new} hours before; before that {old}.",
        new=new,
        old=old,
    )


SHARES: Mapping[str, Callable[[int, int], Text]] = {
    "desk_share": _percent("desk"),
    "walk_in_share": _percent("walk_in"),
    "desk_hours": _hours("desk"),
    "walk_in_hours": _hours("walk_in"),
}


def _own(days: int | None) -> Param:
    return _("as the service says") if days is None else days


def _own_hour(minutes: int | None) -> Param:
    return _("as the service says") if minutes is None else _("at {time}", time=ClockTime.from_minutes(minutes))


def _differing(values: Mapping[str, Any] | None) -> Param:
    """What a day was given; of the time when it had one range, its opening and closing."""
    if not values:
        return _("as usual")
    old = [values["opens"], values["closes"], None, None] if values.get("opens") is not None else None
    hours, counters = values.get("hours") or ([old] if old else []), values.get("counters")
    if values.get("kind") == ExceptionKind.CLOSED:
        return said_day(())
    parts = series(*(said_differing(DayHours(*each)) for each in hours))
    among = None if counters is None else _("{n} counters", n=counters)
    if values.get("kind") == ExceptionKind.EXTRA:
        return _("also {hours}", hours=parts)
    return series(parts if hours else None, among)


def _ranges(told: Sequence[Sequence[int]] | None) -> list[Hours]:
    return [Hours(*each) for each in told or ()]


def _dates(data: Mapping[str, Any]) -> Text:
    first, last = data.get("valid_from"), data.get("valid_to")
    day = FullDay(LocalDay(date.fromisoformat(str(first))))
    if last is None:
        return _("Holds from {day} on.", day=day)
    return _("Holds from {day} to {last}.", day=day, last=FullDay(LocalDay(date.fromisoformat(str(last)))))
