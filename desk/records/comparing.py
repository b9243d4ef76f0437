"""Visits against receipts: by office and day, what is missing, what is not as announced, and why."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.catalogue.models import Service
from desk.offices.models import Office
from desk.offices.reach import offices_within
from desk.organisation import Scope
from desk.records.models import ServiceRecord
from desk.records.rows import ReceiptsOfOffice, RecordRow
from desk.records.rules import TAKEN, ClosedWith, Mismatch
from desk.records.stored import REFERENCE, WHY, opened
from desk.staff.models import StaffMember
from desk.storage.base import keys_of
from desk.storage.upsert import table_of
from desk.values import Money
from desk.visits.rules import FEWEST_DIGITS

_records, _appointments, _offices = table_of(ServiceRecord), table_of(Appointment), table_of(Office)
_services, _staff = table_of(Service), table_of(StaffMember)

_TAKEN = sorted(TAKEN)
_IS_MISSING = _records.c.appointment_id.is_(None)
_IS_INCOMPLETE = or_(
    _records.c.data.not_in(_TAKEN),
    _records.c.fingerprint.not_in(_TAKEN),
    _records.c.photo.not_in(_TAKEN),
    _records.c.papers_unseen > 0,
)
_SERVED = and_(_appointments.c.state == AppointmentState.SERVED, _appointments.c.day == bindparam("day"))


def _number(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((which, 1), else_=0)), 0)


_COUNTS = (
    select(
        _offices.c.id,
        _offices.c.name,
        _offices.c.code,
        func.count(),
        _number(_records.c.closing == ClosedWith.RECEIPT),
        _number(_records.c.closing == ClosedWith.FREE),
        _number(_records.c.closing == ClosedWith.NO_RECEIPT),
        _number(_IS_MISSING),
        _number(_records.c.is_wrong.is_(True)),
        _number(_IS_INCOMPLETE),
    )
    .join_from(_appointments, _offices, _offices.c.id == _appointments.c.office_id)
    .outerjoin(_records, _records.c.appointment_id == _appointments.c.id)
    .where(_SERVED)
    .group_by(_offices.c.id, _offices.c.name, _offices.c.code)
    .order_by(_number(or_(_IS_MISSING, _records.c.is_wrong.is_(True))).desc(), _offices.c.code)
)
_ROWS = (
    select(
        _appointments.c.id.label("appointment_id"),
        *_appointments.c["office_id", "starts_at", "code"],
        _offices.c.name.label("office"),
        _offices.c.code.label("office_code"),
        _offices.c.zone,
        _services.c.short_title.label("service"),
        *_records.c["closing", "amount_rial", "fee_rial", "findings", "data", "fingerprint", "photo"],
        *_records.c["papers_unseen", "why", "why_sealed", "reference_sealed"],
        _staff.c.name.label("recorded_by"),
    )
    .join_from(_appointments, _offices, _offices.c.id == _appointments.c.office_id)
    .join(_services, _services.c.id == _appointments.c.service_id)
    .outerjoin(_records, _records.c.appointment_id == _appointments.c.id)
    .outerjoin(_staff, _staff.c.id == _records.c.recorded_by)
    .where(_SERVED, or_(_IS_MISSING, _records.c.is_wrong.is_(True), _IS_INCOMPLETE))
    .order_by(_IS_MISSING.desc(), _offices.c.code, _appointments.c.starts_at, _appointments.c.id)
    .limit(bindparam("most"))
)


@lru_cache(maxsize=64)
def _counts_within(scope: Scope) -> Select[Any]:
    return _COUNTS.where(offices_within(scope))


@lru_cache(maxsize=128)
def _rows_within(scope: Scope, *, of_one_office: bool) -> Select[Any]:
    found = _ROWS.where(offices_within(scope))
    return found.where(_offices.c.id == bindparam("office")) if of_one_office else found


def receipts_by_office(session: Session, *, scope: Scope, day: date) -> list[ReceiptsOfOffice]:
    """The offices within `scope` that served somebody on the day; those with most to settle first. One statement."""
    return [ReceiptsOfOffice(*map(_whole, row)) for row in session.execute(_counts_within(scope), {"day": day})]


def to_settle(
    session: Session, *, scope: Scope, day: date, office_id: int | None = None, limit: int
) -> list[RecordRow]:
    """The visits of the day whose record is missing, not as announced, or not complete. One statement."""
    asked: dict[str, Any] = {"day": day, "most": limit}
    if office_id is not None:
        asked["office"] = office_id
    keys = keys_of(session)
    rows = []
    for found in session.execute(_rows_within(scope, of_one_office=office_id is not None), asked).mappings():
        values = dict(found)
        id, amount, fee = values["appointment_id"], values.pop("amount_rial"), values.pop("fee_rial")
        rows.append(
            RecordRow(
                number=values.pop("code")[-FEWEST_DIGITS:],
                amount=None if amount is None else Money(amount),
                fee=None if fee is None else Money(fee),
                findings=tuple(Mismatch(each) for each in values.pop("findings") or ()),
                papers_unseen=values.pop("papers_unseen") or 0,
                words=opened(keys, values.pop("why_sealed"), column=WHY, row=id),
                reference=opened(keys, values.pop("reference_sealed"), column=REFERENCE, row=id),
                **values,
            )
        )
    return rows


def _whole(value: Any) -> Any:
    """A count as an int: PostgreSQL sums to a decimal."""
    return value if isinstance(value, int) or not hasattr(value, "to_integral_value") else int(value)
