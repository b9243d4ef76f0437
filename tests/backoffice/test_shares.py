"""The page that says for whom the places of a queue are, and the places of the desk on its own page."""

from __future__ import annotations

from typing import Any

import pytest

from desk.capacity.planning import refill
from desk.capacity.saving_shares import set_shares, shares_of
from desk.capacity.shares import Shares
from desk.reading.folding import strip_bidi
from desk.storage.base import WriteSession
from desk.verify import verify
from tests.backoffice.conftest import Browser, Site
from tests.backoffice.forms import SentForm, form_at
from tests.makers import NOW, acting

pytestmark = pytest.mark.sqlite


def page_of(site: Site) -> str:
    return f"/capacity/{site.world.office}/queues/{site.world.queue}/shares"


async def opened(browser: Browser, site: Site) -> SentForm:
    return form_at((await browser.get(page_of(site))).text, page_of(site))


def filled(session: WriteSession, site: Site) -> None:
    refill(session, queue_id=site.world.queue, now=NOW)


@pytest.fixture
async def manager(site: Site) -> Browser:
    await site.storage.write(filled, site)
    return await site.signed_in("manager")


async def test_what_shares_come_to_is_seen_before_they_are_saved(site: Site, manager: Browser) -> None:
    sent = (await opened(manager, site)).values | {"desk": "25", "walk_in": "10", "do": "save"}
    answer = await manager.post(page_of(site), sent)
    assert answer.status_code == 200
    assert "۱۶۰ جا در هفته برای همه" in strip_bidi(answer.text)  # 48 on each of five days, of which 16 are set apart
    assert await site.storage.read(shares_of, queue_id=site.world.queue) == Shares()

    again = form_at(answer.text, page_of(site)).values | {"do": "save"}
    assert (await manager.post(page_of(site), again)).status_code == 303
    saved = await site.storage.read(shares_of, queue_id=site.world.queue)
    assert (saved.desk, saved.walk_in) == (25, 10)
    history = strip_bidi((await manager.get(page_of(site).replace("/shares", "/history"))).text)
    assert "سهم نوبت حضوری: ۲۵ درصد جاها؛ پیش از آن ۰." in history
    assert [each.rule for each in await site.storage.read(verify) if "share" in each.rule or "slot" in each.rule] == []


async def test_more_than_all_is_refused_at_the_field_and_what_was_typed_stays(site: Site, manager: Browser) -> None:
    sent = (await opened(manager, site)).values | {"desk": "70", "walk_in": "40", "do": "show"}
    answer = await manager.post(page_of(site), sent)
    assert answer.status_code == 422
    assert "دو سهم با هم بیش از ۱۰۰ درصد نمی‌شود." in answer.text
    assert form_at(answer.text, page_of(site)).values["walk_in"] == "40"


async def test_the_desk_sees_its_own_places_where_everybody_finds_none(site: Site) -> None:
    def all_for_the_desk(session: WriteSession) -> None:
        filled(session, site)
        shares = Shares(desk=100, desk_hours=1)
        set_shares(session, queue_id=site.world.queue, shares=shares, actor=acting(site.world.manager), now=NOW)

    await site.storage.write(all_for_the_desk)
    browser = await site.signed_in("clerk")
    values: dict[str, Any] = {"office": site.world.office, "service": site.world.service}
    text = (await browser.get("/today/desk?" + "&".join(f"{name}={value}" for name, value in values.items()))).text
    assert 'name="time"' in text
