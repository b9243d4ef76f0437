"""The words of worksheets: their states, refusals, and what the history says of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from backoffice.capacity.past import said_week
from backoffice.layout.badge import Badge
from backoffice.tables import Events, EventWords, Refusals
from desk.capacity.refusals import HoursNeedApproval
from desk.language.text import FullDay, Param, Text, words
from desk.values import LocalDay
from desk.worksheets.refusals import NotToBeDecided, ReturnedWithoutReason
from desk.worksheets.rules import WorksheetState

_ = words("worksheets")
_history = words("history")

STATES: dict[WorksheetState, Badge] = {
    WorksheetState.STATED: Badge(_("Waits for the directorate"), "hourglass", "warn"),
    WorksheetState.APPROVED: Badge(_("Approved"), "circle-check", "good"),
    WorksheetState.FOR_A_TIME: Badge(_("Stands for a time"), "circle-check", "good"),
    WorksheetState.OWN: Badge(_("Holds; the office measured it"), "circle-check", "good"),
    WorksheetState.RETURNED: Badge(_("Returned"), "alert-triangle", "bad"),
    WorksheetState.WITHDRAWN: Badge(_("Taken back"), "ban", "calm"),
    WorksheetState.REPLACED: Badge(_("Replaced by another"), "ban", "calm"),
}

DECIDED: dict[WorksheetState, Text] = {
    WorksheetState.APPROVED: _("Approve: these hours hold"),
    WorksheetState.FOR_A_TIME: _("Let it stand until a day, then look again"),
    WorksheetState.RETURNED: _("Return it with a reason"),
}
"""What the directorate may say."""


def said_statement(data: Mapping[str, Any]) -> Iterator[Param]:
    """What the office stated, beside what held, and whether it holds by that."""
    yield from said_week(data)
    if data.get("state"):
        yield STATES[WorksheetState(data["state"])].label


def said_decision(data: Mapping[str, Any]) -> Iterator[Param]:
    """What became of the worksheet, and until when."""
    new = data.get("new", {})
    if "state" in new:
        yield STATES[WorksheetState(new["state"])].label
    if data.get("until_day"):
        yield _history("To be looked at again by {day}.", day=FullDay(LocalDay(date.fromisoformat(data["until_day"]))))


def said_approval(data: Mapping[str, Any]) -> Iterator[Param]:
    """What holds for the area now, and what held."""
    old, new = data.get("old", {}), data.get("new", {})
    yield _history("Now {hours}; before that {old}.", hours=_needed(new), old=_needed(old))


def _needed(values: Mapping[str, Any]) -> Text:
    said = values.get("approval")
    if said is None:
        return _("as the area above says")
    return _("approval is needed") if said else _("the office measures its capacity itself")


REFUSALS: Final[Refusals] = {
    HoursNeedApproval: _("These hours need the approval of the directorate. Please state them in the worksheet."),
    NotToBeDecided: lambda refusal: _("This is not possible any more: «{state}».", state=STATES[refusal.state].label),
    ReturnedWithoutReason: _("Please write why, so that the office knows what to state."),
}

NOTICES: Final[Mapping[str, Text]] = {
    "stated": _("The worksheet is stated."),
    "decided": _("The decision is recorded."),
    "taken_back": _("The worksheet is taken back."),
}

EVENTS: Final[Events] = {
    "worksheet.state": EventWords(
        _history("Worksheet: stated"),
        lambda who, what: _history("{who} stated the capacity of the queue {what}.", who=who, what=what),
        said_statement,
    ),
    "worksheet.decide": EventWords(
        _history("Worksheet: decided"),
        lambda who, what: _history("{who} decided about the worksheet of the queue {what}.", who=who, what=what),
        said_decision,
    ),
    "approval.set": EventWords(
        _history("Approval of hours: changed"),
        lambda who, what: _history("{who} said whether the hours of offices need approval.", who=who),
        said_approval,
    ),
}
