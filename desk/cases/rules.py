"""The states of a case, how they may follow each other, and its deadlines."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from desk.deadlines.rules import FINAL_ANSWER, FIRST_ANSWER, REOPENING, Promise
from desk.outbox.rules import NoticeKind


class CaseKind(StrEnum):
    COMPLAINT = "complaint"
    QUESTION = "question"


class CaseState(StrEnum):
    """The states of a case; every change is told to the person, unless nobody may contact them."""

    RECEIVED = "received"
    WITH_UNIT = "with_unit"
    IN_REVIEW = "in_review"
    ANSWERED = "answered"
    CLOSED = "closed"


class Contact(StrEnum):
    """How the person wants to be reached: by name, only under the code, or not at all."""

    NAME = "name"
    CODE = "code"
    NOBODY = "nobody"


class EntryKind(StrEnum):
    """The kinds of entries of a thread."""

    SAID = "said"
    REPLY = "reply"
    NOTE = "note"
    STATE = "state"
    ASSIGNED = "assigned"


class CaseNotice(NoticeKind):
    """The notices about a case."""

    REPLY = "case_reply"
    STATE = "case_state"
    CLOSED = "case_closed"
    REOPENED = "case_reopened"


class CloseReason(StrEnum):
    """Why it was closed; it is told to the person."""

    SOLVED = "solved"
    ANSWERED = "answered"
    NOT_OURS = "not_ours"
    REPEATED = "repeated"
    WITHDRAWN = "withdrawn"
    NO_ANSWER = "no_answer"


PERSONS_OWN = frozenset({CloseReason.SOLVED, CloseReason.WITHDRAWN})
"""Reasons that only the person can give; the desk never decides that a case is solved."""

QUESTION = "QUESTION"
"""The category of a question to the desk."""

REOPEN_WINDOW = timedelta(days=30)
"""How long after the closing the person may object; later they file a new case."""

_MAY_FOLLOW: dict[CaseState, frozenset[CaseState]] = {
    CaseState.RECEIVED: frozenset({CaseState.WITH_UNIT, CaseState.IN_REVIEW, CaseState.ANSWERED, CaseState.CLOSED}),
    CaseState.WITH_UNIT: frozenset({CaseState.IN_REVIEW, CaseState.ANSWERED, CaseState.CLOSED}),
    CaseState.IN_REVIEW: frozenset({CaseState.WITH_UNIT, CaseState.ANSWERED, CaseState.CLOSED}),
    CaseState.ANSWERED: frozenset({CaseState.WITH_UNIT, CaseState.IN_REVIEW, CaseState.ANSWERED, CaseState.CLOSED}),
    CaseState.CLOSED: frozenset({CaseState.IN_REVIEW}),
}

SET_BY_HAND = frozenset({CaseState.WITH_UNIT, CaseState.IN_REVIEW})
"""States that staff may set; ANSWERED comes with a reply, CLOSED with a reason."""


def may_change(state: CaseState, to: CaseState) -> bool:
    """Whether a case may change from `state` to `to`; from CLOSED only back into review."""
    return to in _MAY_FOLLOW[state]


def is_untouched(state: CaseState, *, assigned_to: int | None) -> bool:
    """Whether nobody of the desk has taken the case yet, so that its person may take it back."""
    return state is CaseState.RECEIVED and assigned_to is None


def promises(*, first_answer: timedelta | None, final: timedelta | None) -> list[Promise]:
    """The deadlines of a new case; None = no such deadline."""
    lengths = ((FIRST_ANSWER, first_answer), (FINAL_ANSWER, final))
    return [Promise(kind, length) for kind, length in lengths if length is not None]


MAY_BE_OPENED_AGAIN = (Promise(REOPENING, REOPEN_WINDOW),)
"""The deadline that begins when a case is closed."""
