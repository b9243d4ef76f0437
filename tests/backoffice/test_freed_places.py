"""What became of the free times of an office, as its staff read it: sentences with numbers, and nobody's name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert

from desk.acting import SYSTEM
from desk.appointments.actions import cancel_by_office
from desk.capacity.models import QuotaDay
from desk.capacity.saving_quotas import set_quotas
from desk.offices.models import Office
from desk.reading.folding import ascii_digits, strip_bidi
from desk.storage.base import WriteSession
from desk.waiting.looking import offer_places
from desk.waiting.rules import DayPart
from tests import makers
from tests.backoffice.conftest import Site
from tests.makers import NOW, TODAY
from tests.makers_waiting import make_request, wish_for

PATH = "/waiting"
TOMORROW = TODAY + timedelta(days=1)


async def offered(site: Site) -> None:
    """A place of tomorrow at nine is offered to one of three who wait; another fits nobody."""

    def fill(session: WriteSession) -> None:
        office, service = session.get_one(Office, site.world.office), makers.make_service(session)
        queue = makers.make_queue(session, office=office, services=[service])
        turns = [
            makers.make_appointment(
                session,
                slot=makers.make_slot(
                    session, queue=queue, starts_at=makers.at(TOMORROW, hour=hour, minute=7), capacity=1
                ),
                service=service,
            )
            for hour in (9, 16)
        ]
        mornings = wish_for(office, parts=frozenset({DayPart.MORNING}), until_day=TOMORROW)
        for wish in (mornings, mornings, wish_for(office, weekdays=frozenset({5}), until_day=TOMORROW)):
            make_request(session, service=service, wish=wish)
        for turn in turns:
            cancel_by_office(session, appointment_id=turn.id, actor=SYSTEM, reason="", now=NOW)
        offer_places(session, now=NOW)

    await site.storage.write(fill)


async def words_of(site: Site, who: str, query: str = "", *, status: int = 200) -> str:
    browser = await site.signed_in(who)
    answer = await browser.get(f"{PATH}?{query}")
    assert answer.status_code == status
    return ascii_digits(strip_bidi(answer.text))


@pytest.mark.sqlite
async def test_the_page_says_why_a_time_was_offered_or_not_and_names_nobody(site: Site) -> None:
    await offered(site)
    page = await words_of(site, "clerk")
    assert "به 1 نفر پیشنهاد شد." in page
    assert "1 نفر هنوز فرصت پاسخ دارند." in page
    assert "به 1 نفر پیشنهاد نشد: دیگران جلوترند" in page
    assert "روزهای دیگر هفته را خواسته‌اند" in page
    assert "به هیچ منتظری نمی‌خورد" in page
    assert "به 1 نفر پیشنهاد نشد: پیش از این به آن‌ها پیشنهاد شده بود، یا وقتی به آن‌ها رسیده است." in page


@pytest.mark.sqlite
async def test_days_are_chosen_and_a_slip_is_said_at_its_field(site: Site) -> None:
    await offered(site)
    later = "from_day=1405/10/10&to_day=1405/10/20"
    assert "برای این روزها وقتی خالی نشد" in await words_of(site, "clerk", later)
    assert "روز آخر پیش از روز اول است" in await words_of(
        site, "clerk", "from_day=1405/10/20&to_day=1405/10/10", status=422
    )
    assert 'aria-invalid="true"' in await words_of(site, "clerk", "from_day=qq&to_day=1405/10/10", status=422)


@pytest.mark.sqlite
async def test_another_office_is_out_of_reach_and_an_empty_one_says_so(site: Site) -> None:
    await offered(site)
    browser = await site.signed_in("otherclerk")
    assert (await browser.get(f"{PATH}?office={site.world.office}")).status_code == 404
    assert "هنوز وقتی برای منتظران نگه داشته نشده است" in await words_of(site, "otherclerk")


@pytest.mark.sqlite
async def test_a_quota_that_stops_an_offer_is_said_as_its_reason(site: Site) -> None:
    """Of two who wait one is within the quota; on another day it was used up after the place had been kept."""

    def fill(session: WriteSession) -> None:
        office, service = session.get_one(Office, site.world.office), makers.make_service(session)
        queue = makers.make_queue(session, office=office, services=[service])
        for days, booked in ((1, 2), (2, 1)):
            day = TODAY + timedelta(days=days)
            at = makers.at(day, hour=9, minute=7)
            slot = makers.make_slot(session, queue=queue, starts_at=at, capacity=booked)
            turns = [makers.make_appointment(session, slot=slot, service=service) for _ in range(booked)]
            for _ in range(2):
                make_request(session, service=service, wish=wish_for(office, from_day=day, until_day=day))
            for turn in turns:
                cancel_by_office(session, appointment_id=turn.id, actor=SYSTEM, reason="", now=NOW)
        set_quotas(session, queue_id=queue.id, quotas={service.id: 1}, actor=SYSTEM, now=NOW)
        of_day = {"queue_id": queue.id, "service_id": service.id, "day": TODAY + timedelta(days=2), "taken": 1}
        session.execute(insert(QuotaDay), [of_day])
        offer_places(session, now=NOW)

    await site.storage.write(fill)
    page = await words_of(site, "clerk")
    assert "به 1 نفر پیشنهاد نشد: برای خدمت آن‌ها در آن روز جا نمانده است." in page
    assert "به 2 نفر پیشنهاد نشد: برای خدمت آن‌ها در آن روز جا نمانده است." in page
    assert "پیشنهادشدنی نبود: برای این خدمت در آن روز کسی دیگر پذیرفته نمی‌شود" in page
    assert "دیگران جلوترند" not in page
