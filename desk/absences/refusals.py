"""The refusals about absences and visits that the office did not give."""

from __future__ import annotations

from dataclasses import dataclass

from desk.absences.rules import AbsenceState
from desk.refusals import Refusal


@dataclass(frozen=True)
class NoAbsence(Refusal):
    """No absence is recorded for this appointment of the chat."""

    appointment_id: int


@dataclass(frozen=True)
class AbsenceSettled(Refusal):
    """It can no longer be answered or decided: it was decided, taken back, or too long ago."""

    state: AbsenceState


@dataclass(frozen=True)
class SecondPersonNeeded(Refusal):
    """Who recorded an absence does not decide about it."""


@dataclass(frozen=True)
class UpheldWithoutWhy(Refusal):
    """An absence stands only with a reason, which the person reads."""


@dataclass(frozen=True)
class UnservedWithoutReason(Refusal):
    """That the office did not serve somebody is recorded only with a reason, which the person reads."""
