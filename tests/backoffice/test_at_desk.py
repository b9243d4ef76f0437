"""The pages by which a clerk takes an appointment for somebody at the desk and changes it; those above see how many."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.storage.base import ReadSession
from tests.backoffice.another_office import booked_there, misses_of_clerk
from tests.backoffice.conftest import Browser, Site
from tests.makers import TODAY

TOMORROW = (TODAY + timedelta(days=1)).isoformat()
NUMBER = "87654321"


async def form_of(browser: Browser, site: Site, **over: str) -> dict[str, str]:
    """What the form sends for the first free time of tomorrow."""
    service = str(site.world.service)
    page = (await browser.get(f"/today/desk?office={site.world.office}&service={service}&day={TOMORROW}")).text
    time = re.findall(r'<option value="(\d+)"', page.split('id="time"')[1])[0]
    person = {"time": time, "name": "گل‌آقا رحیمی", "kind": "amayesh", "number": NUMBER, "seen": "1"}
    return {"office": str(site.world.office), "service": service, "day": TOMORROW, **person, **over}


async def taken(site: Site) -> list[Appointment]:
    def read(session: ReadSession) -> list[Appointment]:
        of_desk = Appointment.conversation_id.is_(None)
        return list(session.scalars(select(Appointment).where(of_desk).order_by(Appointment.id)))

    return await site.storage.read(read)


async def test_a_turn_is_taken_and_its_ticket_names_code_time_fee_and_papers(site: Site) -> None:
    browser = await site.signed_in("clerk")
    answer = await browser.post("/today/desk", await form_of(browser, site))
    (booked,) = await taken(site)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/today/{booked.id}/ticket")
    page = (await browser.get(answer.headers["location"])).text
    assert "اصل کارت آمایش" in page
    assert "اصل گذرنامه" not in page, "that is the paper of others"
    assert "…۴۳۲۱" in page
    assert NUMBER not in page


async def test_what_is_missing_is_said_at_its_field_and_the_rest_is_kept(site: Site) -> None:
    browser = await site.signed_in("clerk")
    sent = await form_of(browser, site, number="", seen="")
    answer = await browser.post("/today/desk", {name: value for name, value in sent.items() if value})
    assert answer.status_code == 422
    assert 'id="desk-number-reasons"' in answer.text
    assert 'id="seen-reasons"' in answer.text
    assert "گل‌آقا رحیمی" in answer.text
    assert await taken(site) == []


async def test_without_a_paper_the_name_is_enough_and_once(site: Site) -> None:
    browser = await site.signed_in("clerk")
    sent = await form_of(browser, site, kind="none", number="")
    assert (await browser.post("/today/desk", sent)).status_code == 303
    assert (await browser.post("/today/desk", sent)).status_code == 409, "the same name at the same office"
    assert len(await taken(site)) == 1


async def test_a_number_typed_beside_no_paper_is_not_left_out_without_a_word(site: Site) -> None:
    browser = await site.signed_in("clerk")
    answer = await browser.post("/today/desk", await form_of(browser, site, kind="none"))
    assert answer.status_code == 422
    assert "«بدون مدرک»" in answer.text.split('id="desk-number-reasons"')[1][:300]
    assert await taken(site) == []


async def test_a_number_that_no_paper_has_is_asked_about_once_more_and_never_refused(site: Site) -> None:
    browser = await site.signed_in("clerk")
    answer = await browser.post("/today/desk", await form_of(browser, site, number="12"))
    assert answer.status_code == 422
    assert 'id="desk-number-reasons"' in answer.text
    assert 'name="stands_so"' in answer.text
    assert await taken(site) == []
    sent = await form_of(browser, site, number="12", stands_so="1")
    assert (await browser.post("/today/desk", sent)).status_code == 303
    assert len(await taken(site)) == 1


async def test_the_ticket_can_be_printed(site: Site) -> None:
    browser = await site.signed_in("clerk")
    answer = await browser.post("/today/desk", await form_of(browser, site))
    page = (await browser.get(answer.headers["location"])).text
    assert re.search(r"<button[^>]* data-print>", page)
    assert "desk.js" in page, "what the button does"


async def test_the_turn_that_the_number_has_already_is_shown_and_a_clerk_may_book_beside_that_of_a_chat(
    site: Site,
) -> None:
    browser = await site.signed_in("clerk")
    sent = await form_of(browser, site)
    assert (await browser.post("/today/desk", sent)).status_code == 303
    again = await browser.post("/today/desk", sent)
    assert again.status_code == 409
    assert 'name="beside"' in again.text
    assert NUMBER not in again.text
    assert (await browser.post("/today/desk", {**sent, "beside": "1"})).status_code == 409, "it was taken at a desk"


async def test_a_turn_out_of_reach_counts_as_a_search_without_a_result(site: Site) -> None:
    await booked_there(site, number=NUMBER)
    browser = await site.signed_in("clerk")
    sent = await form_of(browser, site)
    answer = await browser.post("/today/desk", sent)
    assert answer.status_code == 409
    assert 'name="beside"' in answer.text
    assert await misses_of_clerk(site) == (1, 1)
    assert (await browser.post("/today/desk", {**sent, "beside": "1"})).status_code == 303
    assert await misses_of_clerk(site) == (1, 1)


async def test_it_gets_another_time_and_is_given_back_with_the_number_of_its_paper(site: Site) -> None:
    browser = await site.signed_in("clerk")
    await browser.post("/today/desk", await form_of(browser, site))
    (booked,) = await taken(site)
    address = f"/today/{booked.id}/desk"
    page = (await browser.get(f"{address}?day={TOMORROW}")).text
    times = re.findall(r'<option value="(\d+)"', page.split('id="time"')[1])
    given: dict[str, Any] = {"day": TOMORROW, "time": times[-1], "number": NUMBER, "do": "move"}
    assert (await browser.post(address, {**given, "number": "11112222"})).status_code == 422
    assert (await browser.post(address, given)).status_code == 303
    (moved,) = await taken(site)
    assert moved.slot_id == int(times[-1])
    assert (await browser.post(address, {"number": NUMBER, "do": "give_back"})).status_code == 303
    assert [each.state for each in await taken(site)] == [AppointmentState.CANCELLED_BY_PERSON]


async def test_a_turn_of_a_chat_is_changed_there(site: Site) -> None:
    browser = await site.signed_in("clerk")
    page = (await browser.get(f"/today/{site.world.appointments[0]}/desk")).text
    assert 'name="number"' not in page


async def test_who_looks_at_signs_sees_how_many_turns_an_account_took_at_the_desk(site: Site) -> None:
    browser = await site.signed_in("clerk")
    await browser.post("/today/desk", await form_of(browser, site))
    page = (await (await site.signed_in("province")).get("/signs")).text
    assert 'id="at-desk-title"' in page
    assert 'id="at-desk-title"' not in (await (await site.signed_in("otherprovince")).get("/signs")).text
