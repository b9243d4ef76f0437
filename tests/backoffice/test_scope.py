"""Nobody reaches the appointments, cases, hours, offices and accounts of somebody else's place."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backoffice.appointments import recording
from backoffice.offices import in_reach
from desk.acting import Actor
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.cases import queries as case_queries
from desk.cases.rows import CaseThread
from desk.events.models import Event
from desk.offices.models import Office
from desk.offices.rules import OfficeKind
from desk.organisation import EVERYWHERE, Scope
from desk.storage.base import ReadSession
from desk.visits import windows
from tests.backoffice.conftest import Site


def state_of(session: ReadSession, *, appointment: int) -> AppointmentState:
    """Where an appointment stands."""
    return session.scalars(select(Appointment.state).where(Appointment.id == appointment)).one()


@pytest.mark.requirement("000-03", "A")
async def test_a_clerk_does_not_see_the_list_of_another_office(site: Site) -> None:
    browser = await site.signed_in("clerk")

    answer = await browser.get(f"/today?office={site.world.other_office}")

    assert answer.status_code == 404
    assert "دفتر کفالت طرق" not in answer.text


async def test_a_clerk_cannot_record_for_another_office(site: Site) -> None:
    browser = await site.signed_in("clerk")

    answer = await browser.post(f"/today/{site.world.other_appointment}", {"do": "arrive"})

    assert answer.status_code == 404
    assert await site.storage.read(state_of, appointment=site.world.other_appointment) is AppointmentState.BOOKED


async def test_without_the_scope_check_a_clerk_could(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the guard: the checks of the page, of the action and of the window are what stopped them."""
    monkeypatch.setattr(recording, "require_within", lambda scope, at=None: None)
    monkeypatch.setattr(Actor, "require", lambda self, permission, *, at: None)
    monkeypatch.setattr(windows, "sees_names", lambda session, **asked: True)
    browser = await site.signed_in("clerk")

    await browser.post(f"/today/{site.world.other_appointment}", {"do": "arrive"})

    assert await site.storage.read(state_of, appointment=site.world.other_appointment) is AppointmentState.ARRIVED


@pytest.mark.parametrize("username", ["officer", "manager"])
async def test_the_office_complained_of_sees_nothing_of_the_complaint(site: Site, username: str) -> None:
    browser = await site.signed_in(username)
    case = f"/inbox/{site.world.complaint}"

    box = await browser.get("/inbox")
    by_code = await browser.get(f"/inbox?q={site.world.complaint_code}")
    thread = await browser.get(case)
    voice = await browser.get(f"{case}/voice/{site.world.voice_entry}")
    reply = await browser.post(f"{case}/reply", {"text": "سلام", "key": "k"})

    assert "پول اضافه گرفتند" not in box.text
    assert "پرسش از میز خدمت" in box.text
    assert "پول اضافه گرفتند" not in by_code.text
    assert [thread.status_code, voice.status_code, reply.status_code] == [404, 404, 404]
    assert site.clock.heard == []


async def test_without_the_reach_of_cases_it_would_be_open(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the guard: with the nation's scope in the query the same officer reads it."""
    whole = case_queries.thread

    def thread(session: ReadSession, *, case_id: int, for_staff: bool, scope: Scope) -> CaseThread | None:
        return whole(session, case_id=case_id, for_staff=for_staff, scope=EVERYWHERE)

    monkeypatch.setattr(case_queries, "thread", thread)
    browser = await site.signed_in("officer")

    answer = await browser.get(f"/inbox/{site.world.complaint}")

    assert answer.status_code == 200


async def test_the_province_handles_its_complaints_and_no_others(site: Site) -> None:
    browser = await site.signed_in("province")

    own = await browser.get(f"/inbox/{site.world.complaint}")
    other = await browser.get(f"/inbox/{site.world.other_complaint}")

    assert [own.status_code, other.status_code] == [200, 404]


async def test_a_manager_changes_only_the_own_hours(site: Site) -> None:
    browser = await site.signed_in("manager")
    world = site.world

    own = await browser.get(f"/capacity/{world.office}/queues/{world.queue}")
    other = await browser.get(f"/capacity/{world.other_office}/queues/{world.other_queue}")
    crossed = await browser.get(f"/capacity/{world.office}/queues/{world.other_queue}")
    old = await browser.get(f"/capacity/{world.other_office}/queues/{world.other_queue}/rules/{world.rule}")

    assert [own.status_code, other.status_code, crossed.status_code, old.status_code] == [200, 404, 404, 404]


async def test_without_the_office_check_other_hours_open(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the guard: the test above without its check."""
    monkeypatch.setattr(in_reach, "require_within", lambda scope, at=None: None)
    browser = await site.signed_in("manager")
    world = site.world

    answer = await browser.get(f"/capacity/{world.other_office}/queues/{world.other_queue}")

    assert answer.status_code == 200


async def test_a_manager_opens_only_the_own_office(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = await site.signed_in("manager")
    address = f"/offices/{site.world.other_office}"

    guarded = await browser.get(address)
    monkeypatch.setattr(in_reach, "require_within", lambda scope, at=None: None)
    unguarded = await browser.get(address)

    assert [guarded.status_code, unguarded.status_code] == [404, 200]


async def test_a_manager_cannot_move_the_office_into_another_province(site: Site) -> None:
    browser = await site.signed_in("manager")
    form = {
        "code": "72-1101",
        "kind": "pishkhan",
        "province": "IR-09",
        "city_fa": "کرج",
        "name_fa": "دفتر",
        "is_active": "1",
    }

    answer = await browser.post(f"/offices/{site.world.office}", form)

    assert answer.status_code == 404


async def test_a_manager_sees_only_the_accounts_of_the_office(site: Site) -> None:
    browser = await site.signed_in("manager")

    listed = await browser.get("/staff")
    other = await browser.get(f"/staff/{site.world.other_clerk}")
    ended = await browser.post(f"/staff/{site.world.other_clerk}/deactivate")

    assert "مریم کاظمی" in listed.text
    assert "نرگس شریفی" not in listed.text
    assert [other.status_code, ended.status_code] == [404, 404]


@pytest.mark.parametrize("role", ["administrator", "province_officer"])
async def test_nobody_gives_more_than_they_hold(site: Site, role: str) -> None:
    browser = await site.signed_in("manager")
    form = {"username": "cousin", "name": "پسرعمو", "r0-role": role, "r0-place": f"office:{site.world.office}"}

    answer = await browser.post("/staff/new", form)

    assert answer.status_code == 422
    assert "پسرعمو" in answer.text


async def test_the_holidays_of_the_country_need_the_country(site: Site) -> None:
    browser = await site.signed_in("province")
    form = {"day": "1405/10/05", "name_fa": "روز من", "is_confirmed": "1", "is_closed": "1"}

    answer = await browser.post("/capacity/holidays", form)

    assert answer.status_code == 404


async def test_reading_a_case_is_logged(site: Site) -> None:
    browser = await site.signed_in("province")

    await browser.get(f"/inbox/{site.world.complaint}")

    def readings(session: ReadSession) -> list[str]:
        return list(session.scalars(select(Event.subject).where(Event.kind == "case.read")))

    assert await site.storage.read(readings) == [f"case:{site.world.complaint}"]


async def test_a_manager_sees_but_cannot_change_what_decides_about_the_office(site: Site) -> None:
    """The attack: the manager of a desk says that it is another kind of office, or out of use, and complaints about it
    take another way."""
    browser = await site.signed_in("manager")
    address = f"/offices/{site.world.office}"
    page = (await browser.get(address)).text
    assert 'name="kind"' not in page
    assert 'name="code"' not in page
    assert "این را فقط ادارهٔ کل استان تغییر می‌دهد" in page
    texts = {"city_fa": "کرج", "name_fa": "دفتر پیشخوان گلشهر", "address_fa": "خیابان آزمون، پلاک ۱"}
    texts |= {"latitude": "35.83", "longitude": "50.99", "phone": "026-34567891"}
    assert (await browser.post(address, texts)).status_code == 303, "what is not sent stays as it is"
    for forged in ({"kind": "directorate"}, {"kind": "kefalat"}, {"code": "72-9999"}):
        answer = await browser.post(address, texts | forged)
        assert answer.status_code == 403
        assert "فقط مقام بالاتر از دفتر" in answer.text

    def stored(session: ReadSession) -> tuple[str, OfficeKind, str | None, bool]:
        office = session.get_one(Office, site.world.office)
        return office.code, office.kind, office.phone, office.is_active

    assert await site.storage.read(stored) == ("72-1101", OfficeKind.PISHKHAN, "+982634567891", True)


async def test_only_the_country_makes_a_desk_of_the_directorate(site: Site) -> None:
    address = f"/offices/{site.world.office}"
    of_province = (await (await site.signed_in("province")).get(address)).text
    assert 'value="kefalat"' in of_province
    assert 'value="directorate"' not in of_province
    assert 'value="directorate"' in (await (await site.signed_in("admin")).get(address)).text
