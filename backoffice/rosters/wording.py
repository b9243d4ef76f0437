"""The words of rosters in the history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from backoffice.layout.badge import Badge
from backoffice.tables import Events, EventWords, Refusals
from desk.language.text import FullDay, Param, Text, series, words
from desk.rosters.refusals import DeclinedWithoutWord, LeaveAskedTwice, LeaveDecided, LeaveOutOfOrder, NotInTheRoster
from desk.rosters.rules import MOST_LEAVE, LeaveState
from desk.values import LocalDay

_ = words("rosters")
_history = words("history")

LEAVE = _("Leave")
LEAVE_STATES: Final[Mapping[LeaveState, Badge]] = {
    LeaveState.ASKED: Badge(_("Waits for the manager"), "hourglass", "warn"),
    LeaveState.GRANTED: Badge(_("Granted"), "circle-check", "good"),
    LeaveState.DECLINED: Badge(_("Declined"), "alert-triangle", "bad"),
    LeaveState.WITHDRAWN: Badge(_("Taken back"), "ban", "calm"),
}


def said_days(data: Mapping[str, Any]) -> Iterator[Param]:
    """Which days somebody is off duty now, and on which they are on duty again."""
    for days in data.get("off", {}).values():
        yield _history("Off duty: {days}", days=_days(days))
    for days in data.get("on", {}).values():
        yield _history("On duty again: {days}", days=_days(days))


def said_conditions(data: Mapping[str, Any]) -> Iterator[Param]:
    """Whether they are announced now."""
    yield _history("Announced") if data.get("announced") else _history("Not announced any more")


def said_leave(data: Mapping[str, Any]) -> Iterator[Param]:
    """From when until when, and what became of it."""
    new = data.get("new", {})
    if data.get("first") and data.get("last"):
        first, last = (_day(data[name]) for name in ("first", "last"))
        yield first if first == last else _history("From {first} until {last}", first=first, last=last)
    if "state" in new:
        yield LEAVE_STATES[LeaveState(new["state"])].label


def said_unkept(data: Mapping[str, Any]) -> Iterator[Param]:
    """The days."""
    yield _days(data.get("days", []))


def _day(day: str) -> FullDay:
    return FullDay(LocalDay(date.fromisoformat(day)))


def _days(days: list[str]) -> Param:
    return series(*(_day(each) for each in days))


def _why_out_of_order(refusal: LeaveOutOfOrder) -> Text:
    """The one thing that stands in the way, so that nobody has to look for it among others."""
    if refusal.last < refusal.first:
        return _("The last day lies before the first.")
    if (refusal.last - refusal.first).days >= MOST_LEAVE:
        return _("{n} days at most. Please ask for the others by themselves.", n=MOST_LEAVE)
    return _("Please choose days from today on, within a year.")


REFUSALS: Final[Refusals] = {
    NotInTheRoster: _("You are not in the roster of this office"),
    LeaveOutOfOrder: _why_out_of_order,
    LeaveAskedTwice: lambda refusal: _(
        "You have already asked for days from {first} until {last}.",
        first=FullDay(LocalDay(refusal.first)),
        last=FullDay(LocalDay(refusal.last)),
    ),
    LeaveDecided: lambda refusal: _(
        "This is not possible any more: «{state}».", state=LEAVE_STATES[refusal.state].label
    ),
    DeclinedWithoutWord: _("Please write a word to it, so that they know why."),
}

NOTICES: Final[Mapping[str, Text]] = {
    "leave_asked": _("Your leave is asked for."),
    "leave_withdrawn": _("Your leave is not asked for any more."),
    "leave_decided": _("Your answer is recorded."),
}


EVENTS: Final[Events] = {
    "roster.unkept": EventWords(
        _history("Days without a marshal: told"),
        lambda who, what: _history("{what} was told of days without a marshal.", what=what),
        said_unkept,
    ),
    "leave.ask": EventWords(
        _history("Leave: asked for"),
        lambda who, what: _history("{who} asked for leave.", who=who),
        said_leave,
    ),
    "leave.withdraw": EventWords(
        _history("Leave: taken back"),
        lambda who, what: _history("{who} took back the leave that was asked for.", who=who),
        said_leave,
    ),
    "leave.decide": EventWords(
        _history("Leave: answered"),
        lambda who, what: _history("{who} answered the leave that {what} asked for.", who=who, what=what),
        said_leave,
    ),
    "roster.set": EventWords(
        _history("Roster: changed"),
        lambda who, what: _history("{who} changed who is on duty at {what}.", who=who, what=what),
        said_days,
    ),
    "marshal.conditions": EventWords(
        _history("Conditions for marshals: changed"),
        lambda who, what: _history("{who} changed what is asked of marshals.", who=who),
        said_conditions,
    ),
}
