"""Reopening a case: back into review with new deadlines, and unassigned where its holder has left."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from desk.acting import Actor
from desk.cases.changes import CaseAtHand, change
from desk.cases.deadlines import promise
from desk.cases.leaving import give_back_of_case
from desk.cases.models import Case
from desk.cases.rules import CaseState
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_cases = table_of(Case)


def open_again(session: WriteSession, case: CaseAtHand, *, actor: Actor, now: datetime) -> int:
    """Take an answered or closed case back into review with new deadlines; returns the id of the entry that says so.

    Where a first answer was given before, only the final one is due.
    """
    entry_id = change(session, case, to=CaseState.IN_REVIEW, actor=actor, now=now)
    was_answered = case.answered_at is not None
    promise(session, case_id=case.id, category=case.category, was_answered=was_answered, is_new=False, now=now)
    session.execute(update(_cases).where(_cases.c.id == case.id).values(opened_at=now))
    give_back_of_case(session, case_id=case.id, actor=actor, now=now)
    return entry_id
