"""The words for closings: the refusals, what stands above a page, and the history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from backoffice.tables import Events, EventWords, Fields, Refusals
from desk.closings.refusals import NothingToClose, OpeningStays, TooLateToUndo, TooMuchToClose, UndoneBefore
from desk.language.text import Text, words

_ = words("closing")
_history = words("history")

REFUSALS: Final[Refusals] = {
    NothingToClose: _("No queue is in use there on these days."),
    TooMuchToClose: lambda refusal: _(
        "At most {n} days of queues at once. Please choose fewer days or offices.", n=refusal.most
    ),
    TooLateToUndo: _("The first people are being told. It can no longer be undone."),
    UndoneBefore: _("It was undone before."),
    OpeningStays: _("Opened places may be taken by now. Close them again instead."),
}

NOTICES: Final[Mapping[str, Text]] = {
    "closing_undone": _("Undone. Nobody is told anything."),
    "closing_too_late": _("The first people are being told. It can no longer be undone."),
    "closing_stays": _("Opened places may be taken by now. Close them again instead."),
    "line_stopped": _("The line is stopped. Below stands who of those still to come is told."),
    "closing_none_ticked": _("Please tick at least one day of an office."),
}

EVENTS: Final[Events] = {
    "closing.close": EventWords(
        _history("Closing"),
        lambda who, what: _history("{who} closed hours or days at several queues: {what}.", who=who, what=what),
    ),
    "closing.open": EventWords(
        _history("Opening more"),
        lambda who, what: _history("{who} opened more at several queues: {what}.", who=who, what=what),
    ),
    "closing.undo": EventWords(
        _history("Closing undone"),
        lambda who, what: _history("{who} undid a closing before anybody was told: {what}.", who=who, what=what),
    ),
}

FIELDS: Final[Fields] = {"closed_days": _history("Days"), "closed_queues": _history("Queues")}
