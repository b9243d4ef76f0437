"""Pages that stay open: what is done at one counter, or written on a phone, appears at the other by itself."""

from __future__ import annotations

import pytest
from playwright.async_api import BrowserContext

from desk.language.language import Language
from desk.language.text import Locale
from tests.browser.conftest import another_window
from tests.browser.pages import Complaints, Member
from tests.browser.patience import expect
from tests.browser.product import Product
from tests.browser.test_story import at_the_desk, at_the_phones, book, case_of, complain

pytestmark = pytest.mark.browser

LISTENS = 'html[data-stream="open"]'


async def opened(member: Member, path: str) -> None:
    """Open a page and wait until it listens."""
    await member.open(path)
    await expect(member.page.locator(LISTENS)).to_be_attached()


@pytest.mark.requirement("000-05", "S")
async def test_door_and_counter_see_each_others_presses(
    window: BrowserContext, product: Product, language: Language, complaints: Complaints
) -> None:
    counter = await at_the_desk(window, product, username="clerk1102", language=language)
    async with another_window(complaints) as elsewhere:
        door = await at_the_desk(elsewhere, product, username="marshal1102", language=language)
        await opened(counter, "/today")
        await opened(door, "/today")

        phone = await at_the_phones(window, product, look="telegram", locale=Locale.FA, language=language)
        name = "نادره یعقوبی"
        await book(phone, name, number="4455667788")
        at_counter, at_door = (each.page.locator("li.appointment", has_text=name) for each in (counter, door))
        await expect(at_counter).to_be_visible()
        await expect(at_door).to_be_visible()

        await at_door.locator("[data-key=arrive]").click()
        await expect(at_counter.locator(".appointment-state")).to_have_text(counter.words("wording", "Here"))
        # A piece that came by itself is pressed like any other.
        await at_counter.locator("[data-key=served]").click()
        await at_counter.locator("[name=reference]").fill("123456")
        await at_counter.locator("[name=reference]").press("Enter")
        await expect(at_door.locator(".appointment-state")).to_have_text(door.words("wording", "Served"))


async def test_a_second_tab_hears_through_the_first(
    window: BrowserContext, product: Product, language: Language
) -> None:
    first = await at_the_desk(window, product, username="alborz", language=language)
    second = Member(await window.new_page(), product, language)
    await opened(first, "/inbox")
    await opened(second, "/inbox")
    phone = await at_the_phones(window, product, look="bale", locale=Locale.FA_AF, language=language)
    code = await complain(phone, "از من پول بیشتر گرفتند.")
    await expect(case_of(first.page, code)).to_be_visible()
    await expect(case_of(second.page, code)).to_be_visible()


async def test_what_somebody_is_typing_is_left_alone(
    window: BrowserContext, product: Product, language: Language, complaints: Complaints
) -> None:
    phone = await at_the_phones(window, product, look="telegram", locale=Locale.FA, language=language)
    code = await complain(phone, "رسید ندادند.")
    officer = await at_the_desk(window, product, username="alborz", language=language)
    await officer.open("/inbox")
    await case_of(officer.page, code).locator("a").first.click()
    await expect(officer.page.locator(LISTENS)).to_be_attached()
    await officer.page.locator("#reply-text").fill("داریم می‌نویسیم")
    async with another_window(complaints) as elsewhere:
        colleague = await at_the_desk(elsewhere, product, username="admin", language=language)
        await colleague.page.goto(officer.page.url)
        await colleague.page.locator("details.more > summary").first.click()
        await colleague.page.locator("#note-text").fill("با دفتر حرف زدم")
        await colleague.page.locator("form[action$='/note'] button[type=submit]").first.click()
        await expect(officer.page.locator("#thread")).to_contain_text("با دفتر حرف زدم")
    await expect(officer.page.locator("#reply-text")).to_have_value("داریم می‌نویسیم")
