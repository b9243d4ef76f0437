"""How many walk-ins an account registers, what a slip holds, and until when it ties an appointment to a chat."""

from __future__ import annotations

import re
import secrets
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from desk.calendar import instant_of
from desk.outbox.rules import NoticeKind
from desk.values import LocalDay

MOST_AN_HOUR: Final = 40
"""Walk-ins that one account registers within an hour: a crowd at the door, one paper after the other, and no list."""
KEPT_DAYS: Final = 7
"""For so many days after that of the appointment a slip is still known, so that a late scan is told what it was."""
SECRET_BYTES: Final = 16
_SECRET = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)


class WalkInEvent(StrEnum):
    """The kinds of event about a walk-in; the subject is the appointment."""

    NUMBER = "walk_in.number"
    """Registered at the door, with a number for the day."""
    DAY = "walk_in.day"
    """Registered at the door, with an appointment on a coming day."""
    SLIP = "walk_in.slip"
    """A slip was printed whose square ties the appointment to a chat."""
    TIED = "walk_in.tied"
    UNTIED = "walk_in.untied"


REGISTERED: Final = (WalkInEvent.NUMBER, WalkInEvent.DAY)


class SlipState(StrEnum):
    """What becomes of a slip that is scanned now."""

    OPEN = "open"
    """It ties the appointment."""
    OWN = "own"
    """The appointment is this chat's already."""
    TIED = "tied"
    """It was tied to a chat by this slip; a slip ties once."""
    UNDONE = "undone"
    """The office took that back, so this slip ties nothing more."""
    OVER = "over"
    """The appointment is over, or its day is."""


class WalkInNotice(NoticeKind):
    """The message about a tie."""

    UNTIED = "walk_in_untied"
    """The office took back that an appointment is this chat's."""


def new_secret() -> str:
    """The secret of a new slip: 128 bits by chance, as a deep link may hold them."""
    return secrets.token_urlsafe(SECRET_BYTES)


def is_secret(text: str) -> bool:
    """Whether it may be the secret of a slip."""
    return _SECRET.fullmatch(text) is not None


def ends_at(day: date, *, zone: str) -> datetime:
    """Until when the slip of an appointment on this local day ties it: the end of that day."""
    return instant_of(LocalDay(day).plus(1), minutes=0, zone=zone)
