"""The refusals about leave of staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desk.acting import OutOfReach
from desk.refusals import Refusal
from desk.rosters.rules import LeaveState


@dataclass(frozen=True)
class NotInTheRoster(OutOfReach):
    """Only a clerk or marshal of the office itself asks for leave there."""


@dataclass(frozen=True)
class LeaveOutOfOrder(Refusal):
    """Leave begins today or later, ends on its first day or later, and lasts no longer than is asked for at once."""

    first: date
    last: date


@dataclass(frozen=True)
class LeaveAskedTwice(Refusal):
    """One of these days is in leave that the same person has asked for already, and that was not declined."""

    first: date
    last: date


@dataclass(frozen=True)
class LeaveDecided(Refusal):
    """The leave was granted, declined or withdrawn meanwhile."""

    state: LeaveState


@dataclass(frozen=True)
class DeclinedWithoutWord(Refusal):
    """Who declines leave says a word to it."""
