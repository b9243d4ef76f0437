"""The states of a recorded absence, until when a person may say that they were there, and why it stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from desk.outbox.rules import NoticeKind

OBJECT_WITHIN = timedelta(days=30)
"""How long after an absence was recorded the person may say that they were there."""
DECIDE_WITHIN = timedelta(days=5)
"""How long a second person has for the decision; the chat is told the day."""
RECORD_WITHIN = timedelta(days=1)
"""How long the office has for the missing outcomes of a day, from the hour in which it was told of them."""
LONGEST_REASON = 200


class AbsenceState(StrEnum):
    """What became of an absence that a clerk recorded."""

    ASKED = "asked"
    """The person has been asked and has said nothing."""
    AWAY = "away"
    """The person could not come."""
    OBJECTED = "objected"
    """The person was there, they say; a second person decides."""
    OVERTURNED = "overturned"
    UPHELD = "upheld"
    UNDONE = "undone"
    """The office took it back itself."""


ANSWERABLE = frozenset({AbsenceState.ASKED, AbsenceState.AWAY})
"""States in which the person may still say that they were there."""


class UpheldWhy(StrEnum):
    """Why an absence stands; a choice, since the chat reads it in its own language."""

    NOT_SEEN = "not_seen"
    """Nobody at the office saw them, and no arrival is recorded."""
    ANOTHER_DAY = "another_day"
    """They came on another day."""
    AFTER_CLOSING = "after_closing"
    ANOTHER_OFFICE = "another_office"


class AbsenceNotice(NoticeKind):
    """The notices of decisions about absences, and of visits that the office did not give."""

    OVERTURNED = "absence_overturned"
    UPHELD = "absence_upheld"
    UNSERVED = "visit_unserved"


def may_object(state: AbsenceState, recorded_at: datetime, *, now: datetime) -> bool:
    """Whether the person may say now that they were there."""
    return state in ANSWERABLE and now < recorded_at + OBJECT_WITHIN
