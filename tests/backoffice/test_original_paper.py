"""The number of the original paper at the counter: what the clerk sees, and that the number is kept nowhere."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from sqlalchemy import select, update

from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.capacity.models import Queue, Slot
from desk.catalogue.models import Service
from desk.people.models import Person
from desk.people.rules import DocumentKind
from desk.schema import metadata
from desk.storage.base import ReadSession, WriteSession
from desk.verify import verify
from desk.visits.proving import MOST_WRONG
from tests import makers
from tests.backoffice.conftest import IDENTITY_KEY, Site
from tests.backoffice.world import World
from tests.weak_hashes import digest

pytestmark = pytest.mark.sqlite  # tests/storage/test_rival_papers.py runs on both databases

NUMBER, WRONG = "P01234567", "P01234568"
HTMX = {"hx-request": "true"}
TWICE = "شماره دو بار گفته شده"
FELL = "باطل شد"


def name_twice(session: WriteSession, *, world: World) -> tuple[int, int]:
    """The first appointment of the list has this number, and another chat has one with it tomorrow."""
    mine = session.get_one(Appointment, world.appointments[0])
    person = session.get_one(Person, mine.person_id)
    person.identity_hash = digest(NUMBER, kind=DocumentKind.OTHER, key=IDENTITY_KEY).hash
    queue = session.get_one(Queue, session.get_one(Slot, mine.slot_id).queue_id)
    tomorrow = makers.make_slot(session, queue=queue, starts_at=makers.at(hour=33, minute=7))
    other = makers.make_appointment(
        session,
        slot=tomorrow,
        service=session.get_one(Service, mine.service_id),
        person=person,
        conversation=makers.make_conversation(session, chat="rival"),
        is_contested=True,
    )
    return mine.id, other.id


async def two_turns(site: Site) -> tuple[int, int]:
    """Both, in the world of the site."""
    return await site.storage.write(name_twice, world=site.world)


async def states(site: Site, *appointments: int) -> list[tuple[AppointmentState, bool]]:
    def ask(session: ReadSession) -> list[tuple[AppointmentState, bool]]:
        found = session.execute(
            select(Appointment.state, Appointment.is_live)
            .where(Appointment.id.in_(appointments))
            .order_by(Appointment.id)
        )
        return [(row[0], row[1]) for row in found]

    return await site.storage.read(ask)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "in place"])
async def test_the_number_of_the_original_decides(site: Site, headers: dict[str, str]) -> None:
    first, second = await two_turns(site)
    browser = await site.signed_in("clerk")
    assert TWICE in (await browser.get("/today")).text
    asked = await browser.get(f"/today/{first}/paper", headers=headers)
    assert 'name="number"' in asked.text
    done = await browser.post(f"/today/{first}/paper", {"number": NUMBER}, headers=headers)
    shown = done if headers else await browser.get("/today")
    assert TWICE not in shown.text
    if headers:
        assert FELL in shown.text
    assert await states(site, first, second) == [
        (AppointmentState.BOOKED, True),
        (AppointmentState.CANCELLED_BY_OFFICE, False),
    ]
    assert await site.storage.read(verify) == []


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "in place"])
async def test_another_number_is_said_plainly_and_tries_end(site: Site, headers: dict[str, str]) -> None:
    first, second = await two_turns(site)
    browser = await site.signed_in("clerk")
    for _ in range(MOST_WRONG):
        answer = await browser.post(f"/today/{first}/paper", {"number": WRONG}, headers=headers)
        assert answer.status_code == (200 if headers else 422)
        assert "این شمارهٔ این نوبت نیست" in answer.text
        assert WRONG not in answer.text
    over = await browser.post(f"/today/{first}/paper", {"number": NUMBER}, headers=headers)
    assert "شماره‌های نادرست زیادی" in over.text
    assert await states(site, first, second) == [(AppointmentState.BOOKED, True)] * 2


async def test_what_is_no_number_is_refused_at_the_field(site: Site) -> None:
    first, _second = await two_turns(site)
    browser = await site.signed_in("clerk")
    answer = await browser.post(f"/today/{first}/paper", {"number": "گل‌آقا"})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


async def test_the_number_is_stored_and_logged_nowhere(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    first, _second = await two_turns(site)
    browser = await site.signed_in("clerk")
    for number in (WRONG, NUMBER):
        await browser.post(f"/today/{first}/paper", {"number": number})

    def holding(session: ReadSession) -> list[str]:
        rows: list[Any] = [
            (table.name, row) for table in metadata().sorted_tables for row in session.execute(select(table))
        ]
        return [name for name, row in rows if NUMBER in str(row) or WRONG in str(row)]

    assert await site.storage.read(holding) == []
    assert NUMBER not in caplog.text
    assert WRONG not in caplog.text


async def test_somebody_without_a_paper_is_asked_for_no_number(site: Site) -> None:
    first, _second = await two_turns(site)
    none = update(Appointment).where(Appointment.id == first).values(document_kind=DocumentKind.NONE)
    await site.storage.write(lambda session: session.execute(none))
    browser = await site.signed_in("clerk")
    assert f"/today/{first}/paper" not in (await browser.get("/today")).text
