"""Reads a case that waits to be handed over, for somebody who holds its code."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from desk.cases.arrivals import waiting
from desk.cases.deadlines import owed_for
from desk.cases.models import Case
from desk.cases.rows import CaseRow
from desk.cases.rules import CaseKind, CaseState, Contact
from desk.codes import TrackingCode
from desk.deadlines.rows import CurrentDeadline
from desk.deadlines.rules import soonest
from desk.offices.models import Office
from desk.storage.upsert import table_of
from desk.values import Money

_cases, _offices = table_of(Case), table_of(Office)
_OFFICE = select(_offices.c.code, _offices.c.name, _offices.c.province_code).where(_offices.c.id == bindparam("of"))
_IS_THERE = select(_cases.c.id).where(_cases.c.id == bindparam("of"))


def is_handed_over(session: Session, *, case_id: int) -> bool:
    """Whether the desk has the case."""
    return session.execute(_IS_THERE, {"of": case_id}).first() is not None


def case_on_its_way(session: Session, *, code: TrackingCode) -> CaseRow | None:
    """The case of this code as it will be when it is handed over; None where none waits."""
    filed = next((each for each in waiting(session, code=code) if each.case is not None), None)
    if filed is None or filed.case is None:
        return None
    held = filed.case
    office = None if held["office_id"] is None else session.execute(_OFFICE, {"of": held["office_id"]}).first()
    due = soonest(owed_for(held["category"]))
    return CaseRow(
        id=filed.case_id,
        code=code,
        kind=CaseKind(held["kind"]),
        category=held["category"],
        severity=held["severity"],
        state=CaseState.RECEIVED,
        close_reason=None,
        contact=Contact(held["contact"]),
        name=None,
        can_be_told=False,
        was_erased=False,
        locale=held["locale"],
        office_id=held["office_id"],
        office_code=office.code if office else None,
        office_name=office.name if office else None,
        office_province_code=office.province_code if office else None,
        handler_office_id=held["handler_office_id"],
        handler_province_code=held["handler_province_code"],
        service_id=held["service_id"],
        happened_on=held["happened_on"],
        paid=None if held["paid_rial"] is None else Money(held["paid_rial"]),
        facts=held["facts"],
        assigned_to=None,
        assigned_name=None,
        due=None if due is None else CurrentDeadline(due.kind.code, filed.said_on + due.length, is_running=True),
        reopen_until=None,
        answered_at=None,
        created_at=filed.said_on,
        opened_at=filed.said_on,
        state_at=filed.said_on,
        closed_at=None,
        changed_at=filed.said_on,
    )
