"""Cases whose holder may no longer handle them: nobody holds them then, and all within reach see them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from desk.acting import SYSTEM, Actor
from desk.cases.changes import add_entry
from desk.cases.clocks import CASES
from desk.cases.models import Case
from desk.cases.reach import within
from desk.cases.rules import EntryKind, State
from desk.events import actions as events
from desk.organisation import NOWHERE
from desk.staff.permissions import Permission
from desk.staff.queries import grants_of
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_cases = table_of(Case)
_IS_OPEN = _cases.c.state != State.CLOSED
BEYOND_REACH = "beyond_reach"
"""Why a case was given back, in the line of its thread."""


def give_back_of_member(session: WriteSession, *, member_id: int, actor: Actor, now: datetime) -> int:
    """After an account was closed or its roles changed: its open cases that it no longer reaches; how many."""
    return _give_back(session, _IS_OPEN, _cases.c.assigned_to == member_id, actor=actor, now=now)


def give_back_of_office(session: WriteSession, *, office_id: int, actor: Actor, now: datetime) -> int:
    """After an office was changed, which may have come into another province: the open cases it handles; how many."""
    return _give_back(session, _IS_OPEN, _cases.c.handler_office_id == office_id, actor=actor, now=now)


def give_back_of_case(session: WriteSession, *, case_id: int, actor: Actor, now: datetime) -> int:
    """When a case is opened again after its holder has gone; 1 where it was given back."""
    return _give_back(session, _cases.c.id == case_id, actor=actor, now=now)


def give_back_all(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Every open case whose holder does not reach it, whatever the way there (housekeeping); how many."""
    return _give_back(session, _IS_OPEN, actor=SYSTEM, now=now, limit=limit)


def _give_back(
    session: WriteSession, *which: ColumnElement[bool], actor: Actor, now: datetime, limit: int | None = None
) -> int:
    asked = (*which, _cases.c.assigned_to.is_not(None))
    given = 0
    for holder in session.scalars(select(_cases.c.assigned_to).where(*asked).distinct()).all():
        reach = grants_of(session, staff_id=holder, now=now).get(Permission.CASES_ANSWER, NOWHERE)
        # By ids: a condition that is NULL for a row would not be true when it is turned round either.
        reached = select(_cases.c.id).where(_cases.c.assigned_to == holder, within(reach))
        left = select(*_cases.c["id", "handler_office_id", "handler_province_code"]).where(
            *asked, _cases.c.assigned_to == holder, _cases.c.id.not_in(reached)
        )
        most = None if limit is None else limit - given
        for case_id, office_id, province_code in session.execute(
            left.order_by(_cases.c.id).limit(most).with_for_update()
        ).all():
            session.execute(update(_cases).where(_cases.c.id == case_id).values(assigned_to=None))
            detail = {"to": None, "from": holder, "why": BEYOND_REACH}
            add_entry(session, case_id=case_id, kind=EntryKind.ASSIGNED, detail=detail, actor=actor, now=now)
            events.note(
                session,
                staff_id=actor.staff_id,
                kind="case.assign",
                subject=f"case:{case_id}",
                office_id=office_id,
                province_code=province_code,
                old={"assigned_to": holder},
                new={"assigned_to": None},
                data={"why": BEYOND_REACH},
                now=now,
            )
            session.changed(CASES, case_id)
            given += 1
    return given
