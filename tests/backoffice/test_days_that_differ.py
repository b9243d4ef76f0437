"""The form of a day that differs: several hours, and hours beside the usual ones."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from desk.capacity.models import Slot
from desk.storage.base import ReadSession
from tests.backoffice.conftest import Site
from tests.backoffice.test_capacity import bare
from tests.makers import TODAY

pytestmark = pytest.mark.sqlite  # the story runs on both databases below

MONDAY = TODAY + timedelta(days=2)
HOURS: dict[str, str | list[str]] = {
    "weekdays": ["5"],
    "opens": "۸:۳۰",
    "closes": "۱۲",
    "counters": "۳",
    "minutes_per_person": "۲۰",
    "valid_from": "۱۴۰۵/۰۸/۳۰",
    "valid_to": "",
}


@pytest.mark.requirement("000-13", "S")
async def test_a_day_with_several_hours_is_written_shown_opened_again_and_told_in_the_history(site: Site) -> None:
    browser = await site.signed_in("manager")
    address = f"/capacity/{site.world.office}/queues/{site.world.queue}/days"
    evening = {"opens2": "۱۶", "closes2": "۱۸", "counters2": "۱", "minutes2": "۳۰"}
    form = {"day": "۱۴۰۵/۰۹/۰۳", "kind": "hours", "opens": "۸", "closes": "۱۰", "reason": "جلسه", **evening}

    overlapping = await browser.post(address, form | {"opens2": "۹"})
    saved = await browser.post(address, form)
    listed = bare((await browser.get(address)).text)
    again = (await browser.get(f"{address}?day=2026-11-24")).text
    told = bare((await browser.get(address.replace("days", "history"))).text)

    def places(session: ReadSession) -> int | None:
        tuesday = TODAY + timedelta(days=3)
        return session.scalar(
            select(func.sum(Slot.planned)).where(Slot.queue_id == site.world.queue, Slot.day == tuesday)
        )

    assert overlapping.status_code == 422
    assert "این ساعت‌ها با ساعت‌های دیگر همین روز روی هم می‌افتد" in overlapping.text
    assert saved.status_code == 303
    assert await site.storage.read(places) == 8 * 2 + 4
    assert "از ۸:۰۰ تا ۱۰:۰۰ و از ۱۶:۰۰ تا ۱۸:۰۰ · ۱ باجه · ۳۰ دقیقه" in listed
    assert 'name="closes2" type="text" value="۱۸:۰۰"' in again
    assert "شد؛ پیش‌تر مانند همیشه بود." in told


async def test_further_hours_of_a_day_come_beside_the_usual_ones(site: Site) -> None:
    browser = await site.signed_in("manager")
    address = f"/capacity/{site.world.office}/queues/{site.world.queue}/days"
    form = {"day": "۱۴۰۵/۰۹/۰۳", "kind": "extra", "opens": "۱۶", "closes": "۱۷", "reason": "شلوغی"}

    empty = await browser.post(address, form | {"opens": "", "closes": ""})
    twice = await browser.post(address, form | {"opens": "۱۲"})
    saved = await browser.post(address, form)

    def places(session: ReadSession) -> int | None:
        tuesday = TODAY + timedelta(days=3)
        return session.scalar(
            select(func.sum(Slot.planned)).where(Slot.queue_id == site.world.queue, Slot.day == tuesday)
        )

    assert [empty.status_code, twice.status_code, saved.status_code] == [422, 422, 303]
    assert await site.storage.read(places) == 48 + 8
