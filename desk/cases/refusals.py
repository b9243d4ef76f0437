"""The refusals about a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.cases.concerns import Concern
from desk.cases.rules import CaseState, CloseReason
from desk.refusals import Refusal


@dataclass(frozen=True)
class CaseIsClosed(Refusal):
    """The case is closed; it can be reopened for a while."""

    case_id: int


@dataclass(frozen=True)
class PersonErased(Refusal):
    """The person has erased their data: whatever is written into the case now would never be erased."""

    case_id: int


@dataclass(frozen=True)
class NotYourCase(Refusal):
    """The case belongs to another chat, lies outside of the actor's scope, or does not exist."""

    case_id: int


@dataclass(frozen=True)
class AlreadyTaken(Refusal):
    """Somebody of the desk has taken the case: its person does not take it back any more."""

    case_id: int


@dataclass(frozen=True)
class NothingSaid(Refusal):
    """There is neither text nor a voice note."""


@dataclass(frozen=True)
class WrittenSince(Refusal):
    """The case has newer entries than the writer has seen: they read these first."""

    case_id: int
    seen: int


@dataclass(frozen=True)
class AskedBack(Refusal):
    """The text holds what should not go to a person; the writer may confirm that it goes all the same."""

    concerns: frozenset[Concern]


@dataclass(frozen=True)
class NoCaseForThis(Refusal):
    """The category is information only or does not exist: nothing is filed."""

    category: str


@dataclass(frozen=True)
class CodeTaken(Refusal):
    """Another case already has this tracking code; make a new one."""

    taken: str


@dataclass(frozen=True)
class NoSuchChange(Refusal):
    """The case cannot go from its present state to that one."""

    state: CaseState
    to: CaseState


@dataclass(frozen=True)
class OnlyThePersonSays(Refusal):
    """Only the person says that a case is solved or withdrawn; the desk closes it as answered."""

    reason: CloseReason


@dataclass(frozen=True)
class CannotTakeCase(Refusal):
    """The account is closed, or its scope does not cover the case."""

    staff_id: int


@dataclass(frozen=True)
class ReopenTooLate(Refusal):
    """The time to object ended at `until`; a new case can be opened."""

    case_id: int
    until: datetime
