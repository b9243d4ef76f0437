"""The jobs that erase what was written in records, and what staff reported, after its period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.calendar import local_day_of
from desk.parts import JobOfPeriod
from desk.records.models import BrokerReport, Inquiry, ServiceRecord
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_records, _inquiries, _reports = table_of(ServiceRecord), table_of(Inquiry), table_of(BrokerReport)
_appointments = table_of(Appointment)
_WORDED = (
    select(_records.c.appointment_id)
    .join(_appointments, _appointments.c.id == _records.c.appointment_id)
    .where(
        _records.c.why_sealed.is_not(None) | _records.c.reference_sealed.is_not(None),
        _appointments.c.day < bindparam("before"),
    )
    .limit(bindparam("most"))
)
_CODED = (
    select(_inquiries.c.id)
    .where(
        _inquiries.c.code_sealed.is_not(None),
        _inquiries.c.made_at < bindparam("before", type_=_inquiries.c.made_at.type),
    )
    .limit(bindparam("most"))
)
_REPORTED = (
    select(_reports.c.id)
    .where(_reports.c.reported_at < bindparam("before", type_=_reports.c.reported_at.type))
    .limit(bindparam("most"))
)


def old_words(session: Session, *, before: datetime, limit: int) -> Sequence[int]:
    """The visits of days before that moment whose records still hold a reason in words or the number of a payment."""
    return session.scalars(_WORDED, {"before": local_day_of(before).date, "most": limit}).all()


def forget_words(session: WriteSession, *, before: datetime, limit: int) -> int:
    """Erase both."""
    old = old_words(session, before=before, limit=limit)
    if old:
        session.execute(
            update(_records).where(_records.c.appointment_id.in_(old)).values(why_sealed=None, reference_sealed=None)
        )
    return len(old)


def old_codes(session: Session, *, before: datetime, limit: int) -> Sequence[int]:
    """The inquiries of before that moment that still have their code."""
    return session.scalars(_CODED, {"before": before, "most": limit}).all()


def forget_codes(session: WriteSession, *, before: datetime, limit: int) -> int:
    """Erase these codes."""
    old = old_codes(session, before=before, limit=limit)
    if old:
        session.execute(update(_inquiries).where(_inquiries.c.id.in_(old)).values(code_sealed=None))
    return len(old)


def old_reports(session: Session, *, before: datetime, limit: int) -> Sequence[int]:
    """The reports of brokers of before that moment."""
    return session.scalars(_REPORTED, {"before": before, "most": limit}).all()


def forget_reports(session: WriteSession, *, before: datetime, limit: int) -> int:
    """Delete these reports."""
    old = old_reports(session, before=before, limit=limit)
    if old:
        session.execute(delete(_reports).where(_reports.c.id.in_(old)))
    return len(old)


JOBS = (
    JobOfPeriod(
        name="forget_words_of_records",
        every=timedelta(hours=6),
        period=lambda periods: periods.appointments,
        old=old_words,
        run=forget_words,
    ),
    JobOfPeriod(
        name="forget_codes_of_inquiries",
        every=timedelta(hours=6),
        period=lambda periods: periods.appointments,
        old=old_codes,
        run=forget_codes,
    ),
    JobOfPeriod(
        name="forget_reports_of_brokers",
        every=timedelta(hours=6),
        period=lambda periods: periods.signs,
        old=old_reports,
        run=forget_reports,
    ),
)
