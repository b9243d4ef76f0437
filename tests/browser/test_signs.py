"""The pages of signs in a real browser: nothing is cut off on any width, and no rule of accessibility is broken."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.async_api import BrowserContext, Route
from sqlalchemy import select

from desk.conversations.rules import AllowReason, LimitKind
from desk.signs.actions import examine, note_looked_at, set_limit
from desk.signs.models import ChatWithSigns
from desk.signs.rules import Judgement
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests import makers
from tests.backoffice.conftest import Browser, Site, opened_site
from tests.browser.pages import Complaints, at_width, no_axe_complaints
from tests.browser.patience import expect
from tests.browser.test_widths import cut_off
from tests.makers import NOW, acting
from tests.makers_signs import Broker

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

WIDTHS = (390, 820, 1280, 1920)


def plant(session: WriteSession) -> int:
    """A broker whom somebody has looked at, with a lowered limit; then a new sign came."""
    sells = Broker(session, makers.make_service(session)).takes()
    examine(session, id=sells.chat.id, now=NOW)
    chat_id = session.scalars(select(ChatWithSigns.id).where(ChatWithSigns.conversation_id == sells.chat.id)).one()
    somebody = acting(makers.make_staff(session, name="حسین مرادی").id)
    note_looked_at(session, chat_id=chat_id, judgement=Judgement.HELPER, actor=somebody, now=NOW)
    kind, reason = LimitKind.WITHOUT_PAPER, AllowReason.SIGNS
    set_limit(session, chat_id=chat_id, kind=kind, most=1, reason=reason, actor=somebody, now=NOW)
    examine(session, id=sells.sells_on().chat.id, now=NOW)
    return chat_id


async def answered(window: BrowserContext, site: Site, member: Browser) -> None:
    """Let the pages of the site answer this window."""

    async def answer(route: Route) -> None:
        asked = route.request
        address = urlsplit(asked.url)
        if address.path == "/live":  # a stream that is over: the browser does not ask again
            await route.fulfill(status=204)
            return
        got = await member.client.request(
            asked.method,
            address.path + (f"?{address.query}" if address.query else ""),
            content=asked.post_data_buffer,
            headers={name: value for name, value in asked.headers.items() if name == "content-type"},
        )
        headers = {name: value for name, value in got.headers.items() if name not in {"content-encoding", "set-cookie"}}
        await route.fulfill(status=got.status_code, headers=headers, body=got.content)

    await window.route("**/*", answer)


async def test_the_signs_can_be_read_on_every_width(storage: Storage, window: BrowserContext) -> None:
    async with opened_site(storage) as site:
        number = await storage.write(plant)
        await answered(window, site, await site.signed_in("province"))
        page = await window.new_page()
        for path in ("/signs", "/signs?looked=1", f"/signs/{number}"):
            await page.goto(f"http://localhost{path}")
            for width in WIDTHS:
                await at_width(page, width)
                assert await cut_off(page) == [], f"{path} at {width}"
                assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
            await no_axe_complaints(page)


async def test_a_form_that_is_sent_empty_comes_back_with_the_reason_at_its_field(
    storage: Storage, window: BrowserContext, complaints: Complaints
) -> None:
    complaints.meant.add(422)
    async with opened_site(storage) as site:
        number = await storage.write(plant)
        await answered(window, site, await site.signed_in("province"))
        page = await window.new_page()
        await page.goto(f"http://localhost/signs/{number}")
        await page.locator(f"form[action='/signs/{number}/looked'] button").click()
        await expect(page.locator(".reasons")).to_have_count(1)
        await expect(page.locator("#judgement")).to_be_focused()
        await no_axe_complaints(page)
