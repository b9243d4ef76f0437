"""Coming back: the times that are offered at the row, those of a day that is typed, and one tap that books."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.capacity.models import Slot
from desk.places.counting import take_places
from desk.storage.base import ReadSession, WriteSession
from desk.verify import verify
from desk.visits.models import Visit
from tests.backoffice.conftest import Site
from tests.backoffice.test_scope import state_of
from tests.makers import TODAY

pytestmark = pytest.mark.sqlite  # the stories run on both databases


async def offered(browser: Any, appointment: int, **form: str) -> list[str]:
    """The times the form offers, as its buttons send them."""
    at = f"/today/{appointment}"
    headers = {"hx-request": "true"}
    answer = await (browser.post(at, form, headers=headers) if form else browser.get(f"{at}/back", headers=headers))
    assert "<html" not in answer.text
    return re.findall('value="(come_back:[0-9]+)"', answer.text)


async def test_come_back_offers_three_free_times_and_one_tap_books(site: Site) -> None:
    browser = await site.signed_in("clerk")
    appointment = site.world.appointments[0]

    times = await offered(browser, appointment)
    answer = await browser.post(f"/today/{appointment}", {"do": times[1]}, headers={"hx-request": "true"})

    def days(session: ReadSession) -> tuple[date | None, date]:
        visit = session.scalars(select(Visit.come_back_on).where(Visit.appointment_id == appointment)).one()
        slot = int(times[1].partition(":")[2])
        return visit, session.scalars(select(Appointment.day).where(Appointment.slot_id == slot)).one()

    come_back_on, new_day = await site.storage.read(days)
    assert len(times) == 3
    assert "مراجعهٔ دوباره" in answer.text
    assert come_back_on == new_day > TODAY
    manager = await site.signed_in("manager")
    assert "گل‌آقا رحیمی" in (await manager.get(f"/today?day={new_day}")).text
    assert await site.storage.read(verify) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("۱۴۰۵/۰۹/۰۶", "بسته است"),
        ("2026-12-01", "بسته است"),
        ("1405/08/29", "بعد از امروز"),
        ("1407/08/10", "خیلی دور است"),
        ("1427/08/10", "لطفاً سال را ببینید"),
        ("", "لطفاً این‌جا را پر کنید"),
        ("پس‌فردای دور", "لطفاً روز را بنویسید، مانند"),
        ("9999/12/31", "لطفاً روز را بنویسید، مانند"),
    ],
    ids=["Friday", "holiday", "past", "far", "mistyped year", "empty", "words", "slip"],
)
async def test_a_day_without_free_times_says_why_and_shows_the_next(site: Site, typed: str, said: str) -> None:
    browser = await site.signed_in("clerk")
    appointment = site.world.appointments[0]
    form = {"do": "back_on", "come_back_on": typed}

    answer = await browser.post(f"/today/{appointment}", form, headers={"hx-request": "true"})
    plain = await browser.post(f"/today/{appointment}", form)

    for page in (answer, plain):
        assert said in page.text
        assert page.text.count('value="come_back:') == 3
        assert 'aria-invalid="true"' in page.text
    assert plain.status_code == 422
    assert await site.storage.read(state_of, appointment=appointment) is AppointmentState.BOOKED


async def test_a_typed_day_shows_all_its_free_times(site: Site) -> None:
    browser = await site.signed_in("clerk")
    appointment = site.world.appointments[0]

    times = await offered(browser, appointment, do="back_on", come_back_on="۱۴۰۵/۰۹/۰۴")
    plain = await browser.post(f"/today/{appointment}", {"do": "back_on", "come_back_on": "1405-9-4"})

    assert len(times) > 10
    assert plain.text.count('value="come_back:') == len(times)
    await browser.post(f"/today/{appointment}", {"do": times[-1]})
    assert await site.storage.read(state_of, appointment=appointment) is AppointmentState.COME_BACK


async def test_a_visit_recorded_a_day_late_offers_no_time_of_today(site: Site) -> None:
    site.clock.move(timedelta(days=1))
    browser = await site.signed_in("clerk")
    appointment = site.world.appointments[0]

    times = await offered(browser, appointment)

    def days(session: ReadSession) -> list[date]:
        slots = [int(each.partition(":")[2]) for each in times]
        return list(session.scalars(select(Slot.day).where(Slot.id.in_(slots)).order_by(Slot.day)))

    assert len(times) == 3
    assert min(await site.storage.read(days)) > TODAY + timedelta(days=1)
    same_day = await browser.post(f"/today/{appointment}", {"do": "back_on", "come_back_on": "1405/09/01"})
    assert "بعد از امروز" in same_day.text


async def test_a_time_taken_meanwhile_shows_what_is_free_now(site: Site) -> None:
    browser = await site.signed_in("clerk")
    first, second = site.world.appointments[0], site.world.appointments[3]
    [time, *_rest] = await offered(browser, first)

    def take(session: WriteSession) -> None:
        slot = session.get_one(Slot, int(time.partition(":")[2]))
        while slot.remaining:
            take_places(session, slot_id=slot.id)
            session.refresh(slot)

    await site.storage.write(take)
    answer = await browser.post(f"/today/{second}", {"do": time}, headers={"hx-request": "true"})

    assert "همین حالا گرفته شد" in answer.text
    assert time not in answer.text
    assert answer.text.count('value="come_back:') == 3
    assert await site.storage.read(state_of, appointment=second) is AppointmentState.BOOKED


async def test_where_nothing_is_free_it_says_what_to_do(site: Site) -> None:
    browser = await site.signed_in("clerk")
    appointment = site.world.appointments[0]
    await site.storage.write(
        lambda session: session.execute(update(Slot).where(Slot.day > TODAY).values(is_open=False, status="closed"))
    )

    answer = await browser.get(f"/today/{appointment}/back")

    assert "وقت خالی نیست" in answer.text
    assert "از مدیر دفتر بخواهید" in answer.text
