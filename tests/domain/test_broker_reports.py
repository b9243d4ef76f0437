"""Staff report a list, or a trade in appointments, at their door; the directorate reads it, and the office does not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk.acting import OutOfReach
from desk.events.queries import of
from desk.organisation import NOWHERE, Scope, province
from desk.periods import Periods
from desk.records import jobs
from desk.records.models import BrokerReport
from desk.records.reporting import look_at_report, report_broker, reports_within
from desk.records.rules import ReportedSign
from desk.staff.permissions import Role
from desk.staff.queries import actor_of
from desk.storage.base import WriteSession
from tests.makers import NOW, TODAY, make_office, make_staff

WORDS = "مردی با   موتور، فهرست نام دارد"


@pytest.mark.requirement("000-10", "S")
def test_a_marshal_reports_and_the_directorate_of_the_province_reads(session: WriteSession) -> None:
    office = make_office(session, code="72-1101")
    marshal = make_staff(session, role=Role.MARSHAL, office=office, name="مسعود ناظم")
    manager = make_staff(session, role=Role.OFFICE_MANAGER, office=office)
    above = make_staff(session, role=Role.PROVINCE_OFFICER, province_code="IR-30")
    far = make_staff(session, role=Role.PROVINCE_OFFICER, province_code="IR-23")
    actors = {who.id: actor_of(session, staff_id=who.id, now=NOW) for who in (marshal, manager, above, far)}
    report = report_broker(
        session, office_id=office.id, sign=ReportedSign.LIST, words=WORDS, actor=actors[marshal.id], now=NOW
    )

    assert b"\xd9\x85\xd9\x88\xd8\xaa" not in bytes(session.get_one(BrokerReport, report).words_sealed or b"")
    here = Scope.of(province("IR-30"))
    [row] = reports_within(session, scope=here, limit=9).rows
    assert (row.sign, row.day, row.reported_by, row.looked_at) == (ReportedSign.LIST, TODAY, "مسعود ناظم", None)
    assert row.words == " ".join(WORDS.split())
    assert reports_within(session, scope=Scope.of(province("IR-23")), limit=9).rows == []
    for who in (marshal, manager, far):
        with pytest.raises(OutOfReach):
            look_at_report(session, report_id=report, actor=actors[who.id], now=NOW)
    for _ in range(2):
        look_at_report(session, report_id=report, actor=actors[above.id], now=NOW)
    assert [row.kind for row in of(session, subject=f"broker_report:{report}")] == [
        "broker_report.looked_at",
        "broker_report.made",
    ]


def test_it_is_deleted_after_its_period_and_beyond_reach_not_made(session: WriteSession) -> None:
    office = make_office(session)
    marshal = make_staff(session, role=Role.MARSHAL, office=office)
    actor = actor_of(session, staff_id=marshal.id, now=NOW)
    other = make_office(session)
    with pytest.raises(OutOfReach):
        report_broker(session, office_id=other.id, sign=ReportedSign.SELLS, words="", actor=actor, now=NOW)
    report_broker(session, office_id=office.id, sign=ReportedSign.SELLS, words="", actor=actor, now=NOW)
    job = jobs.JOBS[2].within(Periods())
    assert job.run(session, now=NOW + timedelta(days=29), limit=9) == 0
    assert job.run(session, now=NOW + timedelta(days=31), limit=9) == 1
    assert reports_within(session, scope=NOWHERE, limit=9).total == 0
