"""Groups of events that are reviewed together: alarms, requests turned away, readings, what was taken away."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from backoffice.wording import EVENTS
from desk.language.text import Text, words
from desk.staff.alarms import LOOKS_UP, READS, Alarm
from desk.staff.security import TurnedAway

_ = words("history")


class Group(StrEnum):
    """A group of kinds of events."""

    ALARMS = "alarms"
    SECURITY = "security"
    READINGS = "readings"
    TAKEN = "taken"


GROUPS: dict[Group, Text] = {
    Group.ALARMS: _("Alarms: much was read"),
    Group.SECURITY: _("Safety: sign-ins that failed, requests turned away"),
    Group.READINGS: _("Everything that was seen or looked up"),
    Group.TAKEN: _("Files taken away, days opened by a reason"),
}
TAKEN = (".export", ".opened")
STAFF = "staff."
OF_SIGN_IN = ("sign", "locked", "factor", "session", "passkey")
"""How the kinds of events about signing in begin."""


def kinds_of(group: Group) -> Iterator[str]:
    """The kinds of events of a group."""
    alarms, turned_away = set(Alarm), set(TurnedAway)
    for kind in EVENTS:
        match group:
            case Group.ALARMS if kind in alarms:
                yield kind
            case Group.SECURITY if kind in turned_away or _is_of_sign_in(kind):
                yield kind
            case Group.READINGS if kind.endswith((*READS, *LOOKS_UP)):
                yield kind
            case Group.TAKEN if kind.endswith(TAKEN):
                yield kind


def _is_of_sign_in(kind: str) -> bool:
    return kind.startswith(STAFF) and kind.removeprefix(STAFF).startswith(OF_SIGN_IN)
