"""A form pressed twice acts once, on both databases and at the same moment; a form that failed can be sent again."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from backoffice.routes import ROUTES
from backoffice.web import keys
from desk.capacity.models import Queue
from desk.cases.models import CaseEntry
from desk.catalogue.models import ServicePaper, ServiceStep
from desk.staff import form_keys
from desk.staff.models import FormKey, StaffMember
from desk.storage.base import Base, ReadSession
from tests.backoffice.conftest import Site
from tests.backoffice.forms import form_at, forms_of
from tests.backoffice.test_routes import filled
from tests.makers import NOW


def count(session: ReadSession, table: type[Base]) -> int:
    """How many rows a table holds."""
    return session.scalars(select(func.count()).select_from(table)).one()


async def press(site: Site, who: str, page: str, address: str, typed: dict[str, str], times: int) -> list[str]:
    """Open a page, fill in its form, and send it several times at the same moment; where each press led."""
    browser = await site.signed_in(who)
    form = form_at((await browser.get(page)).text, address)
    data = {**form.values, **typed}
    answers = await asyncio.gather(*(browser.client.post(address, data=data) for _press in range(times)))
    assert {answer.status_code for answer in answers} == {303}
    return [answer.headers["location"] for answer in answers]


async def test_a_queue_is_made_once(site: Site) -> None:
    address = f"/capacity/{site.world.office}/queues/new"
    typed = {"name_fa": "صف دو بار", "services": str(site.world.service)}
    before = await site.storage.read(count, Queue)

    led = await press(site, "manager", address, address, typed, times=2)

    assert await site.storage.read(count, Queue) == before + 1
    assert len(set(led)) == 1
    assert led[0] != address


async def test_a_note_is_kept_once(site: Site) -> None:
    page = f"/inbox/{site.world.complaint}"
    before = await site.storage.read(count, CaseEntry)

    led = await press(site, "province", page, f"{page}/note", {"text": "به دفتر زنگ زدم."}, times=3)

    assert await site.storage.read(count, CaseEntry) == before + 1
    assert set(led) == {page}


async def test_a_paper_is_added_once(site: Site) -> None:
    page = f"/catalogue/{site.world.service}/papers"
    before = await site.storage.read(count, ServicePaper)

    await press(site, "admin", page, f"{page}/0", {"title_fa": "اصل برگهٔ تردد"}, times=2)

    assert await site.storage.read(count, ServicePaper) == before + 1


async def test_a_step_is_added_once(site: Site) -> None:
    page = f"/catalogue/{site.world.service}/steps"
    before = await site.storage.read(count, ServiceStep)

    await press(site, "admin", page, f"{page}/0", {"title_fa": "انگشت‌نگاری"}, times=2)

    assert await site.storage.read(count, ServiceStep) == before + 1


@pytest.mark.sqlite
async def test_the_second_press_says_that_it_happened_once(site: Site) -> None:
    browser = await site.signed_in("admin")
    page = f"/catalogue/{site.world.service}/steps"
    data = {**form_at((await browser.get(page)).text, f"{page}/0").values, "title_fa": "انگشت‌نگاری"}

    await browser.post(f"{page}/0", data)
    again = await browser.post(f"{page}/0", data)
    shown = await browser.get(again.headers["location"])

    assert again.headers["location"] == page
    assert "دو بار" in shown.text


@pytest.mark.sqlite
async def test_an_appointment_pressed_twice_in_place_shows_its_row(site: Site) -> None:
    browser = await site.signed_in("clerk")
    address = f"/today/{site.world.appointments[0]}"
    data = {**form_at((await browser.get("/today")).text, address).values, "do": "arrive"}

    answers = [await browser.post(address, data, headers={"hx-request": "true"}) for _press in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert all("undo_arrival" in answer.text for answer in answers)
    assert not any('role="alert"' in answer.text for answer in answers)


@pytest.mark.sqlite
async def test_a_form_that_failed_is_sent_again_with_the_same_key(site: Site) -> None:
    browser = await site.signed_in("admin")
    page = f"/catalogue/{site.world.service}/papers"
    data = form_at((await browser.get(page)).text, f"{page}/0").values

    failed = await browser.post(f"{page}/0", {**data, "title_fa": ""})
    mended = await browser.post(f"{page}/0", {**data, "title_fa": "اصل شناسنامه"})

    assert [failed.status_code, mended.status_code] == [422, 303]


@pytest.mark.sqlite
async def test_a_wrong_try_that_is_counted_leaves_the_key_free(site: Site) -> None:
    """The wrong password is written down, so the key was taken with it; it has to be given back."""
    browser = await site.signed_in("clerk")
    data = {"_key": "k", "current": "نه این", "new": "درخت انار خانه 12", "again": "درخت انار خانه 12"}

    answers = [await browser.post("/account/password", data) for _try in range(2)]

    assert [answer.status_code for answer in answers] == [422, 422]


@pytest.mark.sqlite
async def test_an_account_made_twice_leads_to_the_one_account(site: Site) -> None:
    browser = await site.signed_in("manager")
    place = f"office:{site.world.office}"
    data = {"_key": "k", "username": "newcomer", "name": "تازه‌وارد", "r0-role": "clerk", "r0-place": place}

    made = await browser.post("/staff/new", data)
    again = await browser.post("/staff/new", data)

    def newcomer(session: ReadSession) -> int:
        return session.scalars(select(StaffMember.id).where(StaffMember.username == "newcomer")).one()

    assert made.status_code == 200
    assert again.headers["location"] == f"/staff/{await site.storage.read(newcomer)}"


@pytest.mark.sqlite
async def test_the_key_of_one_form_says_nothing_about_another(site: Site) -> None:
    clerk, officer = await site.signed_in("clerk"), await site.signed_in("officer")
    first, second = (
        f"/today/{appointment}" for appointment in (site.world.appointments[0], site.world.appointments[5])
    )

    answers = [
        await clerk.post(first, {"_key": "k", "do": "arrive"}),
        await clerk.post(second, {"_key": "k", "do": "arrive"}),
        await officer.post(first, {"_key": "k", "do": "undo_arrival"}),
    ]
    listed = (await clerk.get("/today")).text

    assert {answer.status_code for answer in answers} == {303}
    assert listed.count('value="undo_arrival"') == 2  # the second, and the one the world began with


@pytest.mark.sqlite
async def test_keys_are_forgotten_after_a_day(site: Site) -> None:
    browser = await site.signed_in("clerk")
    await browser.post(f"/today/{site.world.appointments[0]}", {"do": "arrive"})

    kept = await site.storage.write(form_keys.forget, before=NOW - timedelta(hours=1), limit=9)
    gone = await site.storage.write(form_keys.forget, before=NOW + timedelta(seconds=1), limit=9)

    assert [kept, gone] == [0, 1]
    assert await site.storage.read(count, FormKey) == 0


@pytest.mark.sqlite
async def test_without_the_key_the_second_press_makes_a_second_queue(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the guard: a form whose key nobody checks."""
    monkeypatch.setattr(keys, "FIELD", "_nothing")
    address = f"/capacity/{site.world.office}/queues/new"
    before = await site.storage.read(count, Queue)

    typed = {"name_fa": "صف دو بار", "services": str(site.world.service)}
    await press(site, "manager", address, address, typed, times=2)

    assert await site.storage.read(count, Queue) == before + 2


@pytest.mark.sqlite
async def test_every_form_of_every_page_carries_a_key(site: Site) -> None:
    browser = await site.signed_in("admin")
    bare, seen = [], 0
    for route in ROUTES:
        if route.method != "GET" or "voice" in route.path or "delivery" in route.path:
            continue
        answer = await browser.get(filled(route, site))
        for form in forms_of(answer.text):
            seen += 1
            if not form.values.get("_key"):
                bare.append((route.name, form.action))

    assert bare == []
    assert seen > 50
