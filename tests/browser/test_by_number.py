"""The number a person gave in the chat finds their appointment at the desk, and stands in no address on the way."""

from __future__ import annotations

from urllib.parse import unquote_plus

import pytest
from playwright.async_api import BrowserContext, Page

from desk.language.language import Language
from desk.language.text import Locale
from tests.browser.pages import no_axe_complaints
from tests.browser.patience import expect
from tests.browser.product import Product
from tests.browser.test_live import opened
from tests.browser.test_story import at_the_desk, at_the_phones, book

pytestmark = pytest.mark.browser

HINT = "If this is the number of a paper, press «Search»: it is looked for on every day."
NUMBER = "9081726354"
TYPED = "۹۰۸۱ ۷۲۶-۳۵۴"
WITHOUT = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789", " -")


async def kept(page: Page) -> str:
    """What the browser keeps of itself, and what stands in the page."""
    stored = "JSON.stringify([{...localStorage}, {...sessionStorage}, history.state, document.cookie])"
    return str(await page.evaluate(f"() => {stored} + location.href + document.documentElement.outerHTML"))


async def test_the_number_given_in_the_chat_finds_the_appointment_and_leaves_no_trace(
    window: BrowserContext, product: Product, language: Language
) -> None:
    phone = await at_the_phones(window, product, look="bale", locale=Locale.FA, language=language)
    name = "شریفه نورستانی"
    await book(phone, name, number=NUMBER)
    clerk = await at_the_desk(window, product, username="clerk1102", language=language)
    page = clerk.page
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    await opened(clerk, "/today?day=1406/01/05")  # another day than the appointment's
    field, appointments = page.locator("#q"), page.locator("#appointments")

    # While it is typed, and when the page looks anew because of somebody else.
    await field.press_sequentially(TYPED)
    nobody = clerk.words("today", HINT)
    await expect(appointments).to_contain_text(nobody)
    async with page.expect_request(lambda request: request.headers.get("mizban-by-itself") == "1"):
        await page.evaluate(
            "() => new BroadcastChannel('mizban-live').postMessage({ told: { subject: 'everything' } })"
            " || window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
        )
    await expect(field).to_have_value(TYPED)
    await expect(appointments).to_contain_text(nobody)

    await field.press("Enter")
    found = page.locator("[data-found]")
    await expect(found).to_contain_text(name)
    await expect(field).to_have_value("")
    await no_axe_complaints(page)
    assert NUMBER not in unquote_plus(await kept(page)).translate(WITHOUT)

    # The answer is not wiped by the next look, and its way leads to the row.
    async with page.expect_request(lambda request: request.headers.get("mizban-by-itself") == "1"):
        await page.evaluate("() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    await page.wait_for_timeout(500)
    await expect(found).to_contain_text(name)
    await found.locator("a").first.click()
    await expect(page.locator("li.appointment", has_text=name)).to_be_visible()
    await page.go_back()
    await expect(field).to_have_value("")

    assert len(addresses) > 5
    assert [each for each in addresses if NUMBER in unquote_plus(each).translate(WITHOUT)] == []
