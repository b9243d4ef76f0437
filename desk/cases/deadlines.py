"""How the states of a case start, meet and drop its deadlines: first answer, final answer, reopening."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from desk.cases.categories import CATEGORIES, QUESTION_FINAL, QUESTION_FIRST_ANSWER
from desk.cases.models import Case
from desk.cases.rules import MAY_BE_OPENED_AGAIN, CaseState, promises
from desk.deadlines import actions as deadlines
from desk.deadlines.queries import current
from desk.deadlines.rules import Promise, Side
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

CASES = "cases"
"""The subject of the signal that a case has changed, and of its deadlines."""

_id = table_of(Case).c.id

ANSWER = current(CASES, _id, owed_by=Side.DESK, name="answer")
"""The answer that is due next, or the last one that was."""
REOPENING = current(CASES, _id, owed_by=Side.PERSON, name="reopening")
"""Until when the person may reopen a closed case."""


def owed_for(category: str, *, was_answered: bool = False) -> list[Promise]:
    """The deadlines of a new case; where a first answer was given before, only the final one."""
    kind = CATEGORIES.get(category)
    first, final = (kind.first_answer, kind.final) if kind else (QUESTION_FIRST_ANSWER, QUESTION_FINAL)
    return promises(first_answer=None if was_answered else first, final=final)


def promise(
    session: WriteSession, *, case_id: int, category: str, was_answered: bool, is_new: bool, now: datetime
) -> None:
    """Start the deadlines of a case: see `owed_for`."""
    owed = owed_for(category, was_answered=was_answered)
    deadlines.start(session, subject=CASES, subject_id=case_id, promises=owed, is_first=is_new, now=now)


def follow(
    session: WriteSession, *, case_id: int, before: CaseState, to: CaseState, is_by_desk: bool, now: datetime
) -> None:
    """Update the deadlines for a change of state: answers are met or dropped, reopening begins or ends.

    The caller that takes a case back into review starts the new deadlines itself: `promise` or `owe_again`.
    """
    answers = partial(deadlines.meet if is_by_desk else deadlines.drop, session, subject=CASES, subject_id=case_id)
    if to in (CaseState.ANSWERED, CaseState.CLOSED) and before is not CaseState.ANSWERED:
        answers(now=now)
    if to is CaseState.CLOSED:
        deadlines.start(
            session, subject=CASES, subject_id=case_id, owed_by=Side.PERSON, promises=MAY_BE_OPENED_AGAIN, now=now
        )
    elif before is CaseState.CLOSED:
        deadlines.meet(session, subject=CASES, subject_id=case_id, owed_by=Side.PERSON, now=now)


def owe_again(session: WriteSession, *, case_id: int, now: datetime) -> None:
    """The answer was not the last one: the final answer is due on the same day as before."""
    deadlines.owe_again(session, subject=CASES, subject_id=case_id, now=now)
