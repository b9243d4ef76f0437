"""The kinds and levels of deadlines; times are calendar times, and holidays do not extend them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum


class Side(StrEnum):
    """The side that has to act before the deadline."""

    DESK = "desk"
    PERSON = "person"


class DeadlineLevel(IntEnum):
    """How near a deadline is."""

    AHEAD = 0
    SOON = 1
    LATE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineKind:
    """One kind of deadline; the caller that starts one says what it is about and how long it is. `code` is stored."""

    code: str
    owed_by: Side
    soon: timedelta = timedelta(hours=24)
    """How long before its end a deadline is `SOON`."""
    lapses: bool = False
    """True = it ends by itself at its time: a chance that was not taken, not a broken promise."""


FIRST_ANSWER = DeadlineKind(code="first_answer", owed_by=Side.DESK)
FINAL_ANSWER = DeadlineKind(code="final_answer", owed_by=Side.DESK)
REOPENING = DeadlineKind(code="reopening", owed_by=Side.PERSON, lapses=True)
WORKSHEET = DeadlineKind(code="worksheet", owed_by=Side.DESK, soon=timedelta(days=2))
MARSHAL = DeadlineKind(code="marshal", owed_by=Side.DESK)
OBJECTION = DeadlineKind(code="objection", owed_by=Side.DESK)
OUTCOMES = DeadlineKind(code="outcomes", owed_by=Side.DESK)

KINDS = {kind.code: kind for kind in (FIRST_ANSWER, FINAL_ANSWER, REOPENING, WORKSHEET, MARSHAL, OBJECTION, OUTCOMES)}
"""All kinds by code."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A deadline of this kind, due `length` after its start."""

    kind: DeadlineKind
    length: timedelta


def level(due_at: datetime, *, kind: DeadlineKind, now: datetime) -> DeadlineLevel:
    """The level at `now` of a deadline of this kind."""
    if due_at < now:
        return DeadlineLevel.LATE
    return DeadlineLevel.SOON if due_at - now < kind.soon else DeadlineLevel.AHEAD


def looked_at_next(due_at: datetime, *, kind: DeadlineKind, now: datetime) -> datetime | None:
    """When the level changes next; None = never."""
    for moment in (due_at - kind.soon, due_at):
        if moment >= now:
            return moment
    return None


def soonest(promises: Sequence[Promise]) -> Promise | None:
    """The promise that is due first; of two at the same time the one given first."""
    return min(promises, key=lambda promise: promise.length, default=None)
