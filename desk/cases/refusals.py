"""What can go wrong with a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.cases.concerns import Concern
from desk.cases.rules import CloseReason, State
from desk.refusals import Refusal


@dataclass(frozen=True)
class CaseIsClosed(Refusal):
    """The case is closed; it can be reopened for a while."""

    case_id: int


@dataclass(frozen=True)
class PersonErased(Refusal):
    """The person has erased their data: what were written into the case now, no second erasing would reach."""

    case_id: int


@dataclass(frozen=True)
class NotYourCase(Refusal):
    """The case belongs to another chat, or lies outside the staff member's reach, or is not there."""

    case_id: int


@dataclass(frozen=True)
class NothingSaid(Refusal):
    """There is neither text nor a voice note."""


@dataclass(frozen=True)
class WrittenSince(Refusal):
    """Something was written in the case after the line that the writer has seen: they look at it first."""

    case_id: int
    seen: int


@dataclass(frozen=True)
class AskedBack(Refusal):
    """The text holds what should not go to a person; whoever wrote it says whether it shall all the same."""

    concerns: frozenset[Concern]


@dataclass(frozen=True)
class NoCaseForThis(Refusal):
    """This matter is information only, or no such category exists: nothing is filed."""

    category: str


@dataclass(frozen=True)
class CodeTaken(Refusal):
    """Another case already has this tracking code; make a new one."""

    taken: str


@dataclass(frozen=True)
class NoSuchChange(Refusal):
    """A case in this state cannot go on to that one."""

    state: State
    to: State


@dataclass(frozen=True)
class OnlyThePersonSays(Refusal):
    """Only the person says that their matter is solved, or takes it back; the desk closes it as answered."""

    reason: CloseReason


@dataclass(frozen=True)
class CannotTakeCase(Refusal):
    """The account is closed or its reach does not cover the case."""

    staff_id: int


@dataclass(frozen=True)
class ReopenTooLate(Refusal):
    """The time to object ended at `until`; a new case can be opened."""

    case_id: int
    until: datetime
