"""The history tells who did what to what, newest first, by page."""

from __future__ import annotations

from datetime import timedelta

from desk.acting import SYSTEM, ActorKind
from desk.cases import actions as cases
from desk.cases.rules import CaseState
from desk.catalogue.actions import save_papers
from desk.catalogue.fees import end_fee
from desk.catalogue.rows import PaperInput
from desk.events import actions, queries
from desk.language.text import Localised
from desk.offices.actions import save_office
from desk.offices.reach import node_of
from desk.staff.actions import update_member
from desk.staff.permissions import Role
from desk.staff.rules import RoleInput
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.makers import NOW, TODAY, acting, by_staff, make_office, make_service, make_staff
from tests.makers_cases import file_complaint
from tests.makers_fees import make_fee


def write_line(session: WriteSession, number: int) -> None:
    by_staff(actions.note)(
        session,
        staff_id=7 if number % 2 else None,
        kind="case.read",
        subject=f"case:{number % 3}",
        data={"entry": number} if number else None,
        now=NOW + timedelta(minutes=number),
    )


async def test_lines_are_read_back_by_subject_by_person_and_by_page(storage: Storage) -> None:
    for number in range(5):
        await storage.write(write_line, number)
    lines = await storage.read(queries.latest, limit=3)
    assert [line.data for line in lines] == [{"entry": 4}, {"entry": 3}, {"entry": 2}]
    assert [line.at for line in lines] == sorted((line.at for line in lines), reverse=True)
    rest = await storage.read(queries.latest, before_id=lines[-1].id)
    assert [line.data for line in rest] == [{"entry": 1}, {}]
    assert [line.data["entry"] for line in await storage.read(queries.latest, staff_id=7)] == [3, 1]
    assert [line.actor_id for line in await storage.read(queries.of, subject="case:0")] == [7, None]


def test_of_what_was_changed_both_values_stay(session: WriteSession) -> None:
    office = make_office(session)
    before = dict(office.address.to_mapping()) if office.address else None
    save_office(
        session,
        office_id=office.id,
        code=office.code,
        kind=office.kind,
        province_code=office.province_code,
        city=office.city,
        name=office.name,
        address=Localised({"fa": "خیابان ۷"}),
        actor=acting(4),
        now=NOW,
    )
    [line] = queries.of(session, subject=f"office:{office.id}")
    assert (line.kind, line.actor_kind, line.actor_id, line.office_id) == (
        "office.update",
        ActorKind.STAFF,
        4,
        office.id,
    )
    assert line.data["old"]["address"] == before
    assert line.data["new"]["address"] == {"fa": "خیابان ۷"}
    assert "name" not in line.data["new"]


def test_saving_what_is_there_already_is_no_change(session: WriteSession) -> None:
    """«… changed the account» stood in the history of a colleague who pressed «Save» once more."""
    office, service = make_office(session), make_service(session)
    member = make_staff(session, name="نورالله حسینی", office=office)
    role = RoleInput(role=Role.CLERK, at=node_of(session, office.id))
    papers = [PaperInput(title=Localised({"fa": "اصل کارت"}))]
    save_papers(session, service_id=service.id, papers=papers, actor=SYSTEM, now=NOW)
    noted = len(queries.latest(session, limit=100))
    update_member(session, member_id=member.id, name="نورالله حسینی", roles=[role], actor=SYSTEM, now=NOW)
    save_papers(session, service_id=service.id, papers=papers, actor=SYSTEM, now=NOW)
    assert len(queries.latest(session, limit=100)) == noted


def test_what_stands_below_a_title_leaves_a_trace_too(session: WriteSession) -> None:
    service = make_service(session)
    title, note = Localised({"fa": "اصل کارت"}), Localised({"fa": "برای هر نفر"})
    save_papers(session, service_id=service.id, papers=[PaperInput(title=title)], actor=SYSTEM, now=NOW)
    save_papers(session, service_id=service.id, papers=[PaperInput(title=title, note=note)], actor=SYSTEM, now=NOW)
    last, first = queries.of(session, subject=f"service:{service.id}")
    assert first.data == {"new": {"papers": [{"fa": "اصل کارت"}]}, "old": {"papers": []}}
    assert last.data == {"papers": "changed"}


def test_a_fee_that_ends_says_what_it_was_and_when(session: WriteSession) -> None:
    fee = make_fee(session, service=make_service(session), rial=250_000)
    end_fee(session, fee_id=fee.id, last_day=TODAY, actor=acting(4), now=NOW)
    [line] = queries.of(session, subject=f"service:{fee.service_id}")
    assert (line.kind, line.others) == ("fee.end", [f"fee:{fee.id}"])
    assert line.data["old"] == {"valid_to": None}
    assert line.data["new"] == {"valid_to": TODAY.isoformat()}
    assert line.data["amount_rial"] == 250_000


def test_an_account_that_changes_leaves_no_name_behind(session: WriteSession) -> None:
    member = make_staff(session, name="نورالله حسینی", office=make_office(session))
    update_member(session, member_id=member.id, name="شیرین‌گل احمدزی", roles=[], actor=SYSTEM, now=NOW)
    [line] = queries.of(session, subject=f"staff:{member.id}")
    assert line.data == {
        "name": "changed",
        "old": {"roles": [f"clerk@office:{line.office_id}"]},
        "new": {"roles": []},
    }


def test_a_case_event_lies_where_the_case_is_handled(session: WriteSession) -> None:
    office = make_office(session)
    officer = make_staff(session, role=Role.PROVINCE_OFFICER, province_code=office.province_code)
    filed = file_complaint(session, office=office)
    by_staff(cases.change_state)(session, case_id=filed.case_id, to=CaseState.IN_REVIEW, staff_id=officer.id, now=NOW)
    [line] = queries.of(session, subject=f"case:{filed.case_id}")
    assert (line.office_id, line.province_code) == (None, office.province_code)
    assert (line.data["old"], line.data["new"]) == ({"state": "received"}, {"state": "in_review"})
