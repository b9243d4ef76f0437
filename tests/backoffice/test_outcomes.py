"""Past turns without an outcome and objections to absences on their pages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from desk.absences.models import Absence
from desk.absences.rules import AbsenceState
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.reading.folding import strip_bidi
from desk.storage.base import ReadSession, WriteSession
from tests.backoffice.conftest import Site
from tests.backoffice.forms import form_at
from tests.makers_absences import PAST

pytestmark = pytest.mark.sqlite

LIST, OBJECTIONS = "/outcomes", "/outcomes/objections"


def of_office(site: Site) -> str:
    return f"/outcomes/offices/{site.world.office}?day={PAST.isoformat()}"


async def state_of(site: Site, appointment: int) -> AppointmentState:
    def read(session: ReadSession) -> AppointmentState:
        return session.scalars(select(Appointment.state).where(Appointment.id == appointment)).one()

    return await site.storage.read(read)


async def absence_of(site: Site) -> AbsenceState:
    def read(session: ReadSession) -> AbsenceState:
        return session.scalars(select(Absence.state).where(Absence.id == site.world.absence)).one()

    return await site.storage.read(read)


@pytest.mark.requirement("001-07", "M")
async def test_the_manager_sees_what_has_no_outcome_and_records_it_in_one_press(site: Site) -> None:
    manager = await site.signed_in("manager")
    today = strip_bidi((await manager.get(f"/today?office={site.world.office}")).text)
    assert "۱ نوبت گذشته بدون نتیجه" in today
    assert of_office(site).partition("?")[0] in (await manager.get(LIST)).text
    page = (await manager.get(of_office(site))).text
    assert "نورالله حسینی" in page
    here = f"/outcomes/{site.world.unrecorded}"
    assert f'href="/today/{site.world.unrecorded}/back"' in page
    assert f'href="{here}/unserved"' in page
    assert f'href="/today/{site.world.unrecorded}/record"' in page

    values = form_at(page, here).values
    assert (await manager.post(here, values | {"do": "absent"})).status_code == 303
    assert (await manager.post(here, values | {"do": "absent"})).status_code == 303
    assert await state_of(site, site.world.unrecorded) is AppointmentState.ABSENT
    assert "همهٔ نوبت‌های این روز نتیجه دارند" in (await manager.get(of_office(site))).text
    assert "نوبت گذشته بدون نتیجه" not in (await manager.get(f"/today?office={site.world.office}")).text
    late = await manager.post(here, form_at(page, here).values | {"do": "absent", "_key": "another"})
    assert late.status_code == 409
    assert await state_of(site, site.world.unrecorded) is AppointmentState.ABSENT


async def test_what_the_office_did_not_do_asks_for_a_reason(site: Site) -> None:
    manager = await site.signed_in("manager")
    here = f"/outcomes/{site.world.unrecorded}/unserved"
    values = form_at((await manager.get(here)).text, here).values
    empty = await manager.post(here, values)
    assert empty.status_code == 422
    assert 'id="reason-reasons"' in empty.text
    assert await state_of(site, site.world.unrecorded) is AppointmentState.BOOKED
    values = form_at(empty.text, here).values
    assert (await manager.post(here, values | {"reason": "سامانه قطع بود"})).status_code == 303
    assert await state_of(site, site.world.unrecorded) is AppointmentState.CANCELLED_BY_OFFICE
    assert "این نوبت اکنون نتیجه دارد" in (await manager.get(here)).text


async def test_the_directorate_sees_numbers_and_records_nothing(site: Site) -> None:
    officer = await site.signed_in("province")
    page = strip_bidi((await officer.get(of_office(site))).text)
    assert "۱ نوبت این روز نتیجه ندارد" in page
    assert "نورالله" not in page
    assert f"/outcomes/{site.world.unrecorded}" not in page
    answer = await officer.post(f"/outcomes/{site.world.unrecorded}", {"do": "absent"})
    assert answer.status_code == 404


async def test_an_old_day_shows_no_names(site: Site) -> None:
    site.clock.move(timedelta(days=20))
    manager = await site.signed_in("manager")
    page = strip_bidi((await manager.get(of_office(site))).text)
    assert "نورالله" not in page
    assert f"/outcomes/{site.world.unrecorded}/unserved" in page
    assert f"/today/{site.world.unrecorded}/back" not in page
    assert f"/today/{site.world.unrecorded}/record" not in page


async def test_a_second_person_decides_and_the_reason_is_asked_for(site: Site) -> None:
    manager = await site.signed_in("manager")
    here = f"{OBJECTIONS}/{site.world.absence}"
    listed = (await manager.get(OBJECTIONS)).text
    assert f'href="{here}"' in listed
    assert f"{OBJECTIONS}/{site.world.other_absence}" not in listed
    page = (await manager.get(here)).text
    assert "مریم کاظمی" in page  # who recorded it
    assert "نورالله" not in page
    without = await manager.post(here, form_at(page, here).values | {"do": "uphold"})
    assert without.status_code == 422
    assert 'id="why-reasons"' in without.text
    assert await absence_of(site) is AbsenceState.OBJECTED
    values = form_at(without.text, here).values
    assert (await manager.post(here, values | {"do": "uphold", "why": "not_seen"})).status_code == 303
    assert await absence_of(site) is AbsenceState.UPHELD
    assert "زهرا احمدی" in (await manager.get(OBJECTIONS)).text
    again = await manager.post(here, form_at(page, here).values | {"do": "overturn", "_key": "another"})
    assert again.status_code == 409
    assert await absence_of(site) is AbsenceState.UPHELD


async def test_who_recorded_the_absence_is_offered_no_decision(site: Site) -> None:
    def own(session: WriteSession) -> None:
        session.execute(update(Absence).where(Absence.id == site.world.absence).values(recorded_by=site.world.manager))

    await site.storage.write(own)
    manager, officer = await site.signed_in("manager"), await site.signed_in("province")
    here = f"{OBJECTIONS}/{site.world.absence}"
    page = await manager.get(here)
    assert 'value="overturn"' not in page.text
    refused = await manager.post(here, {"do": "overturn"})
    assert refused.status_code == 409
    assert await absence_of(site) is AbsenceState.OBJECTED
    values = form_at((await officer.get(here)).text, here).values
    assert (await officer.post(here, values | {"do": "overturn"})).status_code == 303
    assert await absence_of(site) is AbsenceState.OVERTURNED


async def test_the_history_of_the_turn_is_that_of_the_turn_alone(site: Site) -> None:
    officer = await site.signed_in("province")
    page = (await officer.get(f"{OBJECTIONS}/{site.world.absence}")).text
    [address] = re.findall(r'href="(/history[^"]*)"', page.partition("<main")[2])
    everything, of_it = (await officer.get("/history")).text, (await officer.get(address)).text
    assert 0 < of_it.count('class="item"') < everything.count('class="item"')
