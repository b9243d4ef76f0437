"""What is found on the board, and what each reader sees of the people."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from backoffice.routes import TABLE
from desk.appointments.models import Appointment
from desk.capacity.models import Queue
from desk.catalogue.models import Service
from desk.line.models import LineEntry
from desk.people.rules import DocumentKind
from desk.storage.base import ReadSession, WriteSession
from tests import makers
from tests.backoffice.addresses import address_of
from tests.backoffice.conftest import IDENTITY_KEY, Site
from tests.backoffice.on_board import HTMX, NAMES, booked, find, number_of, press
from tests.weak_hashes import digest

pytestmark = pytest.mark.sqlite  # tests of the line itself run on both databases


async def test_the_box_finds_who_belongs_to_today(site: Site) -> None:
    first, *_others = await booked(site)
    browser = await site.signed_in("clerk")

    def code(session: ReadSession) -> str:
        return session.scalars(select(Appointment.code).where(Appointment.id == first)).one()

    digits = await site.storage.read(code)
    await press(browser, first, "arrive")

    def number(session: ReadSession) -> str:
        return session.scalars(select(LineEntry.call_number).where(LineEntry.appointment_id == first)).one()

    called = await site.storage.read(number)
    for typed in (NAMES[0][:5], digits, called, number_of(NAMES[0])):
        found = await find(browser, site, typed)
        assert f'id="found-{first}"' in found, typed
        assert found.count("data-row") == 1, typed
        assert "data-elsewhere" not in found, typed
        assert number_of(NAMES[0]) not in found


async def test_a_code_of_another_day_tells_the_day_and_the_time_alone(site: Site) -> None:
    await booked(site)

    def later(session: WriteSession) -> str:
        queue, service = session.get_one(Queue, site.world.queue), session.get_one(Service, site.world.service)
        slot = makers.make_slot(session, queue=queue, starts_at=makers.at(hour=33, minute=46))
        person = makers.make_person(session)
        person.identity_hash = digest("Q7654321", kind=DocumentKind.OTHER, key=IDENTITY_KEY).hash
        appointment = makers.make_appointment(
            session,
            slot=slot,
            service=service,
            person=person,
            conversation=makers.make_conversation(session),
            person_name="حمیرا ساعی",
        )
        return str(appointment.code)

    code = await site.storage.write(later)
    browser = await site.signed_in("clerk")
    for typed in (code, "Q7654321"):
        found = await find(browser, site, typed)
        assert "data-elsewhere" in found, typed
        assert "یکشنبه" in found
        assert "۹:۴۶" in found
        assert "حمیرا" not in found
        assert "data-row" not in found
    assert "data-elsewhere" not in await find(browser, site, "Q1111111")


async def test_the_number_of_the_original_answers_yes_no_or_another_turn(site: Site) -> None:
    first, *_others = await booked(site)
    browser = await site.signed_in("clerk")
    await press(browser, first, "arrive")
    board = await press(browser, first, "call")
    assert f'action="/board/{first}/paper"' in board

    for typed, said in ((number_of(NAMES[0]), "yes"), (number_of(NAMES[2]), "other"), ("Z9999999", "no")):
        answer = await browser.post(f"/board/{first}/paper", {"number": typed}, headers=HTMX)
        assert f'data-paper-said="{said}"' in answer.text, typed
        assert typed not in answer.text
        assert NAMES[2] not in answer.text
    plain = await browser.post(f"/board/{first}/paper", {"number": number_of(NAMES[0])})
    assert "<html" in plain.text
    assert 'data-paper-said="yes"' in plain.text


async def test_others_who_see_the_screen_read_initials(site: Site) -> None:
    await booked(site)
    browser = await site.signed_in("clerk")
    chosen = await browser.get(f"/board?office={site.world.office}&counter=2&initials=1&chosen=1")
    assert chosen.status_code == 303

    board = (await browser.get(f"/board?office={site.world.office}")).text

    assert NAMES[0] not in board
    assert "ن. ی." in board
    assert re.search(r'<option value="2" selected', board)


async def test_who_sees_no_names_calls_by_numbers(site: Site) -> None:
    await booked(site)
    admin = await site.signed_in("admin")
    board = (await admin.get(f"/board?office={site.world.office}")).text
    assert "person-who" in board
    assert not any(name in board for name in NAMES)
    found = await find(admin, site, NAMES[0][:5])
    assert "data-row" not in found


async def test_a_counter_is_kept_for_the_day_and_asked_again_tomorrow(site: Site) -> None:
    browser = await site.signed_in("clerk")
    await browser.get(f"/board?office={site.world.office}&counter=3&chosen=1")
    assert re.search(r'<option value="3" selected', (await browser.get("/board")).text)
    kept = browser.client.cookies["counter"]

    site.clock.move(timedelta(hours=20))
    tomorrow = await site.signed_in("clerk")
    tomorrow.client.cookies.set("counter", kept)
    page = (await tomorrow.get("/board")).text
    assert 'id="counter"' in page
    assert not re.search(r'<option value="3" selected', page)


async def test_the_press_of_another_office_is_out_of_reach(site: Site) -> None:
    other = await site.signed_in("otherclerk")
    first, *_others = await booked(site)
    for path, data in (
        (f"/board/{first}", {"do": "arrive"}),
        (f"/board/{first}/paper", {"number": number_of(NAMES[0])}),
        (f"/board/{first}/priority", {"priority": "0", "reason": "seen"}),
        ("/board/next", {"office": str(site.world.office), "counter": "1"}),
        ("/board/find", {"office": str(site.world.office), "q": NAMES[0]}),
    ):
        assert (await other.post(path, data)).status_code == 404, path


async def test_no_page_but_the_board_may_use_the_camera(site: Site) -> None:
    browser = await site.opened_day("admin")
    allowed = []
    for route in TABLE:
        if route.method != "GET" or route.async_handler is not None:
            continue
        policy = (await browser.get(address_of(route, site.world))).headers["permissions-policy"]
        assert "microphone=()" in policy
        allowed += [route.path] if "camera=()" not in policy else []
    assert allowed == []  # the board without an office only leads to one
    found = {"office": str(site.world.office), "q": "x"}
    assert "camera=()" in (await browser.post("/board/find", found, headers=HTMX)).headers["permissions-policy"]
    assert "camera=(self)" in (await browser.get(f"/board?office={site.world.office}")).headers["permissions-policy"]
