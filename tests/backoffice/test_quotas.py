"""The page that says how many people a day a queue takes for each service."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk.acting import SYSTEM
from desk.capacity.models import Queue
from desk.capacity.saving_quotas import quotas_of, set_quotas
from desk.catalogue.models import Service
from desk.reading.folding import strip_bidi
from desk.storage.base import ReadSession, WriteSession
from desk.verify import verify
from tests.backoffice.conftest import Browser, Site
from tests.backoffice.forms import SentForm, form_at
from tests.makers import NOW, TODAY, at, make_appointment, make_slot

pytestmark = pytest.mark.sqlite

DAY = TODAY + timedelta(days=12)


def page_of(site: Site) -> str:
    return f"/capacity/{site.world.office}/queues/{site.world.queue}/quotas"


async def opened(browser: Browser, site: Site) -> SentForm:
    return form_at((await browser.get(page_of(site))).text, page_of(site))


def name_of(site: Site) -> str:
    return f"most_{site.world.service}"


async def bound(site: Site) -> int | None:
    def read(session: ReadSession) -> int | None:
        found = quotas_of(session, queue_id=site.world.queue)
        return {each.service_id: each.most_a_day for each in found}[site.world.service]

    return await site.storage.read(read)


def three_are_booked(session: WriteSession, site: Site) -> None:
    """On one day three appointments, and on the next one; a start of each is free. Today eight are booked."""
    for number, places in ((0, 3), (1, 1)):
        day = DAY + timedelta(days=number)
        slot = make_slot(session, queue=session.get_one(Queue, site.world.queue), starts_at=at(day, hour=9), capacity=4)
        for _ in range(places):
            make_appointment(session, slot=slot, service=session.get_one(Service, site.world.service))
        make_slot(session, queue=session.get_one(Queue, site.world.queue), starts_at=at(day, hour=10), capacity=1)


@pytest.fixture
async def manager(site: Site) -> Browser:
    await site.storage.write(three_are_booked, site)
    return await site.signed_in("manager")


@pytest.mark.requirement("000-13", "M")
async def test_who_stands_above_it_is_seen_by_day_before_it_is_saved(site: Site, manager: Browser) -> None:
    sent = (await opened(manager, site)).values | {name_of(site): "2", "do": "save"}
    answer = await manager.post(page_of(site), sent)
    assert answer.status_code == 200
    text = strip_bidi(answer.text)
    assert "حداکثر ۲ نفر در روز." in text
    assert "۳ نفر گرفته‌اند، ۱ نفر بیش از این" in text
    assert "۱ از ۲ گرفته شده" in text
    assert "در ۲ روز از پیش نفرات بیشتری نوبت دارند." in text
    assert await bound(site) is None

    again = form_at(answer.text, page_of(site)).values | {"do": "save"}
    assert (await manager.post(page_of(site), again)).status_code == 303
    assert await bound(site) == 2
    history = strip_bidi((await manager.get(page_of(site).replace("/quotas", "/history"))).text)
    assert "تعداد نفر در روز صف" in history
    assert "حداکثر ۲ نفر در روز؛ پیش از آن به تعداد جاها." in history
    assert [each.rule for each in await site.storage.read(verify) if "quota" in each.rule] == []


async def test_other_numbers_than_those_that_were_shown_are_shown_anew(site: Site, manager: Browser) -> None:
    sent = (await opened(manager, site)).values | {name_of(site): "2", "do": "show"}
    shown = form_at((await manager.post(page_of(site), sent)).text, page_of(site)).values
    answer = await manager.post(page_of(site), shown | {name_of(site): "1", "do": "save"})
    assert (answer.status_code, await bound(site)) == (200, None)
    assert "۳ نفر گرفته‌اند، ۲ نفر بیش از این" in strip_bidi(answer.text)


@pytest.mark.parametrize("typed", ["0", "1000", "خیلی"])
async def test_what_is_no_quota_is_refused_at_the_field_and_stays(site: Site, manager: Browser, typed: str) -> None:
    answer = await manager.post(page_of(site), (await opened(manager, site)).values | {name_of(site): typed})
    assert answer.status_code == 422
    assert form_at(answer.text, page_of(site)).values[name_of(site)] == typed


async def test_who_is_second_to_save_sees_what_the_first_saved(site: Site, manager: Browser) -> None:
    sent = (await opened(manager, site)).values | {name_of(site): "2", "do": "show"}
    shown = form_at((await manager.post(page_of(site), sent)).text, page_of(site)).values

    def meanwhile(session: WriteSession) -> None:
        quotas = {site.world.service: 7}
        set_quotas(session, queue_id=site.world.queue, quotas=quotas, actor=SYSTEM, now=NOW)

    await site.storage.write(meanwhile)
    answer = await manager.post(page_of(site), shown | {"do": "save"})
    assert (answer.status_code, await bound(site)) == (409, 7)


async def test_without_a_limit_nothing_is_listed(site: Site, manager: Browser) -> None:
    answer = await manager.post(page_of(site), (await opened(manager, site)).values | {"do": "show"})
    assert "هیچ خدمتی سقف روزانه ندارد." in answer.text
