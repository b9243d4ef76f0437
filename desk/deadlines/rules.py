"""The kinds of deadline, and how near one is; times are calendar times, which no holiday lengthens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum


class Side(StrEnum):
    """Who has to do something until then."""

    DESK = "desk"
    PERSON = "person"


class Level(IntEnum):
    """How near a deadline is."""

    AHEAD = 0
    SOON = 1
    LATE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of deadline. `code` is stored; what it is about and how long it is says whoever starts it."""

    code: str
    owed_by: Side
    soon: timedelta = timedelta(hours=24)
    """From how long before the end on it is `SOON`."""
    lapses: bool = False
    """Once it is over it ends by itself: a chance that was not taken, not a promise that was broken."""


FIRST_ANSWER = Kind(code="first_answer", owed_by=Side.DESK)
FINAL_ANSWER = Kind(code="final_answer", owed_by=Side.DESK)
REOPENING = Kind(code="reopening", owed_by=Side.PERSON, lapses=True)

KINDS = {kind.code: kind for kind in (FIRST_ANSWER, FINAL_ANSWER, REOPENING)}
"""Every kind there is, by its code; a new one is an entry."""


@dataclass(frozen=True, slots=True)
class Promise:
    """Something of this kind is due so long after it is started."""

    kind: Kind
    length: timedelta


def level(due_at: datetime, *, kind: Kind, now: datetime) -> Level:
    """How near that moment is for a deadline of this kind."""
    if due_at < now:
        return Level.LATE
    return Level.SOON if due_at - now < kind.soon else Level.AHEAD


def looked_at_next(due_at: datetime, *, kind: Kind, now: datetime) -> datetime | None:
    """When its level changes next; None = it will not."""
    for moment in (due_at - kind.soon, due_at):
        if moment >= now:
            return moment
    return None


def soonest(promises: Sequence[Promise]) -> Promise | None:
    """The one that is due first; of two at the same time the one named first."""
    return min(promises, key=lambda promise: promise.length, default=None)
