"""The words of changes that hit people: what was changed, what is done about it, who was told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from backoffice.layout.badge import Badge
from backoffice.tables import Messages
from desk.consequences.rules import ChangeNotice, Kind, Reached, Remedy, Step, Way
from desk.language.text import Text, words

_ = words("wording")
_changes = words("changes")
_message = words("undelivered")

CHANGES: dict[Kind, Text] = {
    Kind.HOLIDAY: _("A holiday"),
    Kind.DAY: _("A day that differs"),
    Kind.RULE: _("Other weekly hours"),
    Kind.QUEUE: _("A queue was changed"),
    Kind.OFFICE: _("An office was changed"),
    Kind.SERVICE: _("A service was changed"),
    Kind.ADDRESS: _("Another address"),
    Kind.FOUND: _("Turns whose time is closed"),
}

REMEDIES: dict[Remedy, Text] = {
    Remedy.MOVE: _("Move to the nearest free time"),
    Remedy.KEEP: _("Keep their time: we will serve them"),
    Remedy.CANCEL: _("Cancel"),
    Remedy.TELL: _("Keep the turn, tell the new address"),
}

WAYS: dict[Way, Text] = {Way.PHONE: _changes("By phone"), Way.COUNTER: _changes("At the counter")}

STEPS: dict[Step, Text] = {
    Step.OPEN: _("Nobody has decided yet"),
    Step.WAITING: _("Is next"),
    Step.KEPT: _("Keeps the time"),
    Step.MOVED: _("Moved"),
    Step.CANCELLED: _("Cancelled"),
    Step.TOLD: _("Keeps the turn"),
    Step.LEFT: _("Changed meanwhile by themselves"),
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
