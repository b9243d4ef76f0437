"""What the states of a case mean for what is promised with it, and until when it may be opened again."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from desk.cases.categories import CATEGORIES, QUESTION_FINAL, QUESTION_FIRST_ANSWER
from desk.cases.models import Case
from desk.cases.rules import MAY_BE_OPENED_AGAIN, State, promises
from desk.deadlines import actions as deadlines
from desk.deadlines.queries import current
from desk.deadlines.rules import Side
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

CASES = "cases"
"""The subject of a signal that a case has changed, for inboxes that are open, and of its deadlines."""

_id = table_of(Case).c.id

ANSWER = current(CASES, _id, owed_by=Side.DESK, name="answer")
"""The answer that is promised next, or was last."""
REOPENING = current(CASES, _id, owed_by=Side.PERSON, name="reopening")
"""Until when the person may open it again, once it was closed."""


def promise(
    session: WriteSession, *, case_id: int, category: str, was_answered: bool, is_new: bool, now: datetime
) -> None:
    """Promise the answers of a new case from now on; where a first one was given before, only the final one."""
    kind = CATEGORIES.get(category)
    first, final = (kind.first_answer, kind.final) if kind else (QUESTION_FIRST_ANSWER, QUESTION_FINAL)
    owed = promises(first_answer=None if was_answered else first, final=final)
    deadlines.start(session, subject=CASES, subject_id=case_id, promises=owed, is_first=is_new, now=now)


def follow(session: WriteSession, *, case_id: int, before: State, to: State, is_by_desk: bool, now: datetime) -> None:
    """A case goes from one state to another: answers are given or no longer owed, and it may be opened again or not.

    Whoever brings it back into review says themselves what is promised then: `promise` or `owe_again`.
    """
    answers = partial(deadlines.meet if is_by_desk else deadlines.drop, session, subject=CASES, subject_id=case_id)
    if to in (State.ANSWERED, State.CLOSED) and before is not State.ANSWERED:
        answers(now=now)
    if to is State.CLOSED:
        deadlines.start(
            session, subject=CASES, subject_id=case_id, owed_by=Side.PERSON, promises=MAY_BE_OPENED_AGAIN, now=now
        )
    elif before is State.CLOSED:
        deadlines.meet(session, subject=CASES, subject_id=case_id, owed_by=Side.PERSON, now=now)


def owe_again(session: WriteSession, *, case_id: int, now: datetime) -> None:
    """The answer was not the last one after all: the final one is owed by the same day as before."""
    deadlines.owe_again(session, subject=CASES, subject_id=case_id, now=now)
