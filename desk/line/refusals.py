"""The refusals about the line of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desk.line.rules import EntryState
from desk.refusals import Refusal


@dataclass(frozen=True)
class NotInLine(Refusal):
    """Nobody with this appointment is in the line: the person has not come, or went away."""

    appointment_id: int


@dataclass(frozen=True)
class NotPossibleNow(Refusal):
    """In this state the step is not possible: somebody else was quicker, or the page is old."""

    appointment_id: int
    call_number: str
    state: EntryState


@dataclass(frozen=True)
class CounterBusy(Refusal):
    """Somebody else is at this counter; they end first, or go to another one."""

    counter: int
    call_number: str


@dataclass(frozen=True)
class NoSuchCounter(Refusal):
    """Counters have the numbers from 1 on."""

    counter: int


@dataclass(frozen=True)
class NotCalledOften(Refusal):
    """Who was not called as often as is set is not sent to the end."""

    calls: int
    most_calls: int


@dataclass(frozen=True)
class LineOver(Refusal):
    """The line of that day is over, or has not begun."""

    day: date


@dataclass(frozen=True)
class NothingToUndo(Refusal):
    """The last step was taken back already, or another one came after it."""

    appointment_id: int


@dataclass(frozen=True)
class NotYourPress(Refusal):
    """Somebody else pressed this: it is sent under their own account, or not at all."""


@dataclass(frozen=True)
class LineRulesOutOfOrder(Refusal):
    """A number of the order lies outside of what can be set."""

    field: str
    least: int
    most: int
