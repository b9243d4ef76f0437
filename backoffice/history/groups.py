"""Groups of events that are reviewed together: alarms, requests turned away, readings, what was taken away."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from backoffice.wording import EVENTS
from desk.language.text import Text, words
from desk.staff.alarms import LOOKS_UP, READS, Alarm
from desk.staff.security import TurnedAway

_ = words("history")


class EventGroup(StrEnum):
    """A group of kinds of events."""

    ALARMS = "alarms"
    SECURITY = "security"
    READINGS = "readings"
    TAKEN = "taken"


GROUPS: dict[EventGroup, Text] = {
    EventGroup.ALARMS: _("Alarms: much was read"),
    EventGroup.SECURITY: _("Safety: sign-ins that failed, requests turned away"),
    EventGroup.READINGS: _("Everything that was seen or looked up"),
    EventGroup.TAKEN: _("Files taken away, days opened by a reason"),
}
TAKEN = (".export", ".opened")
STAFF = "staff."
OF_SIGN_IN = ("sign", "locked", "factor", "session", "passkey")
"""How the kinds of events about signing in begin."""


def kinds_of(group: EventGroup) -> Iterator[str]:
    """The kinds of events of a group."""
    alarms, turned_away = set(Alarm), set(TurnedAway)
    for kind in EVENTS:
        match group:
            case EventGroup.ALARMS if kind in alarms:
                yield kind
            case EventGroup.SECURITY if kind in turned_away or _is_of_sign_in(kind):
                yield kind
            case EventGroup.READINGS if kind.endswith((*READS, *LOOKS_UP)):
                yield kind
            case EventGroup.TAKEN if kind.endswith(TAKEN):
                yield kind


def _is_of_sign_in(kind: str) -> bool:
    return kind.startswith(STAFF) and kind.removeprefix(STAFF).startswith(OF_SIGN_IN)
