"""Collects requests that were turned away, and writes one event for each account, reason and minute.

So a flood of them is seen and fills no disk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from desk.clock import steady
from desk.staff.security import TurnedAway, note_turned_away
from desk.storage.base import WriteSession

MINUTE = 60.0
"""Seconds within which the requests of an account are counted together."""


@dataclass(slots=True)
class Found:
    """The requests of one account that were turned away for one reason within a minute."""

    why: TurnedAway
    staff_id: int | None
    """None = nobody was signed in, and all of these are counted together."""
    page: str
    """The address of the first one, as the route table has it."""
    since: datetime
    began: float
    """The first one by the clock that cannot be set back."""
    number: int = 0


class TurnedAwayRequests:
    """The requests of this process that no event tells of yet."""

    def __init__(self) -> None:
        self._counted: dict[tuple[TurnedAway, int | None], Found] = {}
        self._again: list[Found] = []
        """Those that could not be written."""

    def __bool__(self) -> bool:
        return bool(self._counted or self._again)

    def count(self, why: TurnedAway, *, staff_id: int | None, page: str, now: datetime) -> None:
        """Count a request."""
        found = self._counted.get((why, staff_id))
        if found is None:
            found = self._counted[why, staff_id] = Found(why, staff_id, page, now, steady())
        found.number += 1

    def taken(self, *, everything: bool) -> list[Found]:
        """What was counted; without `everything` only those whose minute is over. It is forgotten here."""
        over = [key for key, found in self._counted.items() if everything or steady() - found.began >= MINUTE]
        taken = [*self._again, *(self._counted.pop(key) for key in over)]
        self._again = []
        return taken

    def give_back(self, found: Iterable[Found]) -> None:
        """Keep for the next time what could not be written."""
        self._again = [*found, *self._again]


def write(session: WriteSession, found: Iterable[Found]) -> None:
    """Write the events."""
    for each in found:
        note_turned_away(
            session, why=each.why, member_id=each.staff_id, page=each.page, number=each.number, now=each.since
        )
