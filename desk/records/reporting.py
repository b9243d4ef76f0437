"""Staff report a list of names, or a trade in appointments, at their door; the directorate reads it.

The office does not. No applicant is named: the report says what was seen, where and when.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from desk.acting import Actor, OutOfReach, Permission
from desk.calendar import local_day_of
from desk.events import actions as events
from desk.offices.models import Office
from desk.offices.reach import node_of, offices_within
from desk.organisation import Scope
from desk.records.history import RecordEvent, report_subject
from desk.records.models import BrokerReport
from desk.records.rows import BrokerReportRow, FoundReports
from desk.records.rules import LONGEST_WORDS, ReportedSign
from desk.records.stored import WORDS, opened, sealed
from desk.refusals import whole
from desk.staff.models import StaffMember
from desk.storage.base import WriteSession, keys_of
from desk.storage.encryption import random_id
from desk.storage.upsert import table_of

_reports, _offices = table_of(BrokerReport), table_of(Office)
_reporter, _reader = table_of(StaffMember).alias("reporter"), table_of(StaffMember).alias("reader")
_ONE = select(_reports.c.office_id, _reports.c.looked_at).where(_reports.c.id == bindparam("report"))
_LISTED = (
    select(
        *_reports.c["id", "day", "sign", "words_sealed", "reported_at", "looked_at"],
        _offices.c.name.label("office"),
        _offices.c.code.label("office_code"),
        _offices.c.zone,
        _reporter.c.name.label("reported_by"),
        _reader.c.name.label("looked_by"),
        func.count().over().label("total"),
    )
    .join_from(_reports, _offices, _offices.c.id == _reports.c.office_id)
    .outerjoin(_reporter, _reporter.c.id == _reports.c.reported_by)
    .outerjoin(_reader, _reader.c.id == _reports.c.looked_by)
    .order_by(_reports.c.looked_at.is_not(None), _reports.c.reported_at.desc(), _reports.c.id)
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
)


def report_broker(
    session: WriteSession, *, office_id: int, sign: ReportedSign, words: str, actor: Actor, now: datetime
) -> int:
    """Keep what a member of the office saw; its id. Raises OutOfReach."""
    actor.require(Permission.APPOINTMENTS_RECORD, at=node_of(session, office_id))
    zone = session.scalar(select(_offices.c.zone).where(_offices.c.id == office_id)) or ""
    report_id = random_id()
    said = whole(" ".join(words.split()), most=LONGEST_WORDS)
    session.add(
        BrokerReport(
            id=report_id,
            office_id=office_id,
            day=local_day_of(now, zone=zone).date,
            sign=sign,
            words_sealed=sealed(session.keys, said, column=WORDS, row=report_id),
            reported_at=now,
            reported_by=actor.staff_id,
        )
    )
    session.flush()
    events.note(
        session,
        kind=RecordEvent.REPORTED,
        subject=report_subject(report_id),
        actor=actor,
        office_id=office_id,
        data={"sign": sign},
        is_told=False,
        now=now,
    )
    return report_id


def look_at_report(session: WriteSession, *, report_id: int, actor: Actor, now: datetime) -> None:
    """Note that the directorate has read it; a second time changes nothing. Raises OutOfReach."""
    found = session.execute(_ONE, {"report": report_id}).one_or_none()
    if found is None:
        raise OutOfReach(Permission.SIGNS_REVIEW)
    actor.require(Permission.SIGNS_REVIEW, at=node_of(session, found.office_id))
    if found.looked_at is not None:
        return
    session.execute(update(_reports).where(_reports.c.id == report_id).values(looked_at=now, looked_by=actor.staff_id))
    events.note(
        session,
        kind=RecordEvent.LOOKED_AT,
        subject=report_subject(report_id),
        actor=actor,
        office_id=found.office_id,
        is_told=False,
        now=now,
    )


def reports_within(session: Session, *, scope: Scope, limit: int, skip: int = 0) -> FoundReports:
    """The reports of offices within `scope`, unread ones first."""
    asked = {"most": limit, "skip": skip}
    found = session.execute(_LISTED.where(offices_within(scope)), asked).mappings().all()
    keys = keys_of(session)
    rows = []
    for each in found:
        values = dict(each)
        del values["total"]
        words = opened(keys, values.pop("words_sealed"), column=WORDS, row=each["id"])
        rows.append(BrokerReportRow(**values, words=words))
    return FoundReports(rows, found[0]["total"] if found else 0)
