"""The roles of an account as a form: at any node of the organisation, and perhaps for a time."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from desk.staff.models import RoleAssignment, StaffMember
from desk.storage.base import ReadSession, WriteSession
from tests import makers, makers_areas
from tests.backoffice.conftest import Site
from tests.makers import TODAY

COUNTY = "/IR-30/01/"


def with_a_county(session: WriteSession) -> None:
    makers_areas.make_area(session, path=COUNTY, name="کرج")
    makers_areas.make_area(session, path=f"{COUNTY}02/", name="کمال‌شهر")


def held(session: ReadSession, *, username: str) -> list[tuple[object, ...]]:
    """The roles of an account as they are stored."""
    roles = select(RoleAssignment.role, RoleAssignment.area, RoleAssignment.valid_from, RoleAssignment.valid_to)
    query = roles.join(StaffMember, StaffMember.id == RoleAssignment.staff_id).where(StaffMember.username == username)
    return [tuple(row) for row in session.execute(query)]


async def test_an_administrator_gives_a_role_at_a_county_for_a_time(site: Site) -> None:
    await site.storage.write(with_a_county)
    browser = await site.signed_in("admin")
    page = await browser.get("/staff/new")
    form = {
        "username": "of.karaj",
        "name": "زهرا نوری",
        "r0-role": "office_manager",
        "r0-place": f"county:{COUNTY}",
        "r0-valid_from": "1405/09/01",
        "r0-valid_to": "1405/12/29",
    }

    made = await browser.post("/staff/new", form)

    assert "شهرستان: کرج" in page.text
    assert "بخش: کمال‌شهر" in page.text
    assert made.status_code == 200
    ((role, area, valid_from, valid_to),) = await site.storage.read(held, username="of.karaj")
    assert (role, area) == ("office_manager", COUNTY)
    assert (str(valid_from), str(valid_to)) == ("2026-11-22", "2027-03-20")
    listed = await browser.get("/staff?q=زهرا")
    assert "شهرستان کرج" in listed.text
    assert "۱۴۰۵" in listed.text


async def test_days_out_of_order_come_back_at_their_field(site: Site) -> None:
    browser = await site.signed_in("admin")
    form = {"username": "newcomer", "name": "تازه‌وارد", "r0-role": "clerk", "r0-place": f"office:{site.world.office}"}

    answer = await browser.post("/staff/new", {**form, "r0-valid_from": "1405/10/05", "r0-valid_to": "1405/10/01"})

    assert answer.status_code == 422
    assert "روز پایان زودتر از روز شروع است" in answer.text
    assert "تازه‌وارد" in answer.text
    assert await site.storage.read(held, username="newcomer") == []


async def test_the_days_of_a_role_stand_in_the_form_and_stay(site: Site) -> None:
    def employ(session: WriteSession) -> int:
        member = makers.make_staff(session, name="مریم", username="for.a.time", office=None, province_code="IR-30")
        role = session.scalars(select(RoleAssignment).where(RoleAssignment.staff_id == member.id)).one()
        role.valid_to = TODAY
        return member.id

    member = await site.storage.write(employ)
    browser = await site.signed_in("admin")

    page = await browser.get(f"/staff/{member}")
    saved = await browser.post(
        f"/staff/{member}",
        {"name": "مریم", "r0-role": "clerk", "r0-place": "province:IR-30", "r0-valid_to": "1405/08/30"},
    )

    assert "۱۴۰۵" in page.text
    assert saved.status_code in {303, 409}
    assert [row[3] for row in await site.storage.read(held, username="for.a.time")] == [TODAY]


@pytest.mark.parametrize(("valid_from", "opens"), [(TODAY, True), (TODAY.replace(day=22), False)])
async def test_a_role_that_has_not_begun_opens_nothing(site: Site, valid_from: object, opens: bool) -> None:
    def later(session: WriteSession) -> None:
        member = session.scalars(select(StaffMember).where(StaffMember.username == "clerk")).one()
        role = session.scalars(select(RoleAssignment).where(RoleAssignment.staff_id == member.id)).one()
        role.valid_from = valid_from  # type: ignore[assignment]  # a day of the table above

    browser = await site.signed_in("clerk")
    await site.storage.write(later)

    answer = await browser.get("/today")

    assert (answer.status_code == 200) is opens
