"""Unassigns cases whose holder may no longer handle them, so that all colleagues within scope see them again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from desk.acting import SYSTEM, Actor
from desk.cases.changes import add_entry
from desk.cases.deadlines import CASES
from desk.cases.models import Case
from desk.cases.nameless import kept_moment
from desk.cases.reach import within
from desk.cases.rules import CaseState, EntryKind
from desk.events import actions as events
from desk.organisation import NOWHERE
from desk.staff.permissions import Permission
from desk.staff.queries import grants_of
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_cases = table_of(Case)
_IS_OPEN = _cases.c.state != CaseState.CLOSED
BEYOND_REACH = "beyond_reach"
"""The reason in the entry of the thread: the holder's scope no longer covers the case."""


def give_back_of_member(session: WriteSession, *, member_id: int, actor: Actor, now: datetime) -> int:
    """Unassign the open cases that this account no longer reaches, after it was closed or its roles changed; returns
    the number."""
    return _give_back(session, _IS_OPEN, _cases.c.assigned_to == member_id, actor=actor, now=now)


def give_back_of_office(session: WriteSession, *, office_id: int, actor: Actor, now: datetime) -> int:
    """Unassign the open cases of an office whose holders no longer reach them, after it moved; returns the number."""
    return _give_back(session, _IS_OPEN, _cases.c.handler_office_id == office_id, actor=actor, now=now)


def give_back_of_case(session: WriteSession, *, case_id: int, actor: Actor, now: datetime) -> int:
    """Unassign a reopened case whose holder may no longer handle it; returns 1 where it was unassigned."""
    return _give_back(session, _cases.c.id == case_id, actor=actor, now=now)


def give_back_all(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Unassign every open case that its holder does not reach, for whatever reason; returns the number."""
    return _give_back(session, _IS_OPEN, actor=SYSTEM, now=now, limit=limit)


def _give_back(
    session: WriteSession, *which: ColumnElement[bool], actor: Actor, now: datetime, limit: int | None = None
) -> int:
    asked = (*which, _cases.c.assigned_to.is_not(None))
    given = 0
    for holder in session.scalars(select(_cases.c.assigned_to).where(*asked).distinct()).all():
        reach = grants_of(session, staff_id=holder, now=now).get(Permission.CASES_ANSWER, NOWHERE)
        # By ids: NOT of a condition that is NULL is NULL too, so it would not be found.
        reached = select(_cases.c.id).where(_cases.c.assigned_to == holder, within(reach))
        left = select(*_cases.c["id", "handler_office_id", "handler_province_code", "contact"]).where(
            *asked, _cases.c.assigned_to == holder, _cases.c.id.not_in(reached)
        )
        most = None if limit is None else limit - given
        for case_id, office_id, province_code, contact in session.execute(
            left.order_by(_cases.c.id).limit(most).with_for_update()
        ).all():
            session.execute(update(_cases).where(_cases.c.id == case_id).values(assigned_to=None))
            detail = {"to": None, "from": holder, "why": BEYOND_REACH}
            at = kept_moment(now, contact=contact)
            add_entry(session, case_id=case_id, kind=EntryKind.ASSIGNED, detail=detail, actor=actor, now=at)
            events.note(
                session,
                actor=actor,
                kind="case.assign",
                subject=f"case:{case_id}",
                office_id=office_id,
                province_code=province_code,
                old={"assigned_to": holder},
                new={"assigned_to": None},
                data={"why": BEYOND_REACH},
                now=at,
            )
            session.changed(CASES, case_id)
            given += 1
    return given
