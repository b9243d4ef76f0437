"""The words of changes that affect people: what was changed, remedies, and who was told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from backoffice.layout.badge import Badge
from backoffice.tables import Events, EventWords, Fields, Labels, Messages
from desk.appointments.rules import ProposalState
from desk.consequences.rules import ChangeKind, ChangeNotice, Progress, Reached, Remedy, Way
from desk.language.text import Text, words

_ = words("wording")
_changes = words("changes")
_message = words("undelivered")
_history = words("history")

CHANGES: dict[ChangeKind, Text] = {
    ChangeKind.HOLIDAY: _("A holiday"),
    ChangeKind.DAY: _("A day that differs"),
    ChangeKind.RULE: _("Other weekly hours"),
    ChangeKind.QUEUE: _("A queue was changed"),
    ChangeKind.OFFICE: _("An office was changed"),
    ChangeKind.SERVICE: _("A service was changed"),
    ChangeKind.STATUS: _("A service was taken from an office"),
    ChangeKind.ADDRESS: _("Another address"),
    ChangeKind.FOUND: _("Turns whose time is closed"),
}

REMEDIES: dict[Remedy, Text] = {
    Remedy.MOVE: _("Propose the nearest free time"),
    Remedy.KEEP: _("Keep their time: we will serve them"),
    Remedy.CANCEL: _("Cancel"),
    Remedy.TELL: _("Keep the turn, tell the new address"),
}

WAYS: dict[Way, Text] = {Way.PHONE: _changes("By phone"), Way.COUNTER: _changes("At the counter")}

STEPS: dict[Progress, Text] = {
    Progress.OPEN: _("Nobody has decided yet"),
    Progress.WAITING: _("Is next"),
    Progress.KEPT: _("Keeps the time"),
    Progress.MOVED: _("Another time"),
    Progress.CANCELLED: _("Cancelled"),
    Progress.TOLD: _("Keeps the turn"),
    Progress.LEFT: _("No longer necessary"),
}

PROPOSALS: dict[ProposalState, Text] = {
    ProposalState.OPEN: _("has not answered yet"),
    ProposalState.STANDS: _("holds without an answer"),
    ProposalState.ACCEPTED: _("accepted"),
    ProposalState.CHANGED: _("chose another time"),
    ProposalState.GIVEN_BACK: _("gave it back"),
    ProposalState.LAPSED: _("no answer came, the place went on"),
    ProposalState.WITHDRAWN: _("the office changed it again"),
}

REACHED: dict[Reached, Badge] = {
    Reached.NOT_REACHED: Badge(_("Not reached"), "phone", "bad"),
    Reached.ON_THE_WAY: Badge(_("On the way"), "send", "busy"),
    Reached.TOLD: Badge(_("Told"), "check", "good"),
    Reached.NOT_NEEDED: Badge(_("Nothing to tell"), "minus", "calm"),
}

NOTICES: Final[Mapping[str, Text]] = {
    "saved_nobody_hit": _("Saved. Nobody's turn is hit."),
    "deleted_nobody_hit": _("Deleted. Nobody's turn is hit."),
}

MESSAGES: Final[Messages] = {
    ChangeNotice.KEPT: _message("A turn stands although the hours changed"),
    ChangeNotice.OFFICE_MOVED: _message("The office has another address"),
}

EVENTS: Final[Events] = {
    "change.decide": EventWords(
        _history("People without a time: decided"),
        lambda who, what: _history("{who} decided about people without a time: {what}.", who=who, what=what),
    ),
    "change.told": EventWords(
        _history("Told by hand"),
        lambda who, what: _history("{who} noted whether somebody was told: {what}.", who=who, what=what),
    ),
    "change.people": EventWords(
        _history("Change that hit people"),
        lambda who, what: _history("{who} made a change that hit people: {what}.", who=who, what=what),
    ),
    "change.preview": EventWords(
        _history("Whom a change hits: seen"),
        lambda who, what: _history("{who} saw whom a change would hit at {what}.", who=who, what=what),
    ),
    "change.not_reached": EventWords(
        _history("Not reached: seen"),
        lambda who, what: _history("{who} saw who was not reached at {what}.", who=who, what=what),
    ),
    "change.people_read": EventWords(
        _history("People of a change: seen"),
        lambda who, what: _history("{who} saw the people of a change: {what}.", who=who, what=what),
    ),
}

FIELDS: Final[Fields] = {
    "turns": _history("Turns"),
    "remedy": _history("What becomes of them"),
    "way": _history("How"),
    "minutes": _history("Minutes"),
}

LABELS: Final[Labels] = {("change", "remedy"): REMEDIES, ("changed_turn", "way"): WAYS}
