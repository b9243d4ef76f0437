"""The picker of days: a press on its field always opens it, and it covers nothing that is to be read or reached."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import BrowserContext, Page, Route

from desk.language.language import Language
from tests.browser.pages import Complaints
from tests.browser.patience import expect
from tests.browser.product import Product
from tests.browser.test_story import at_the_desk

pytestmark = pytest.mark.browser

DAYS = "/capacity/1/queues/1/days"
OPENS = 900
"""Milliseconds; longer than the picker takes to open."""


async def refused(page: Page, complaints: Complaints) -> None:
    """Send the form with a day that is none, and see the reason at the field, which has the focus."""
    complaints.meant.add(422)
    await page.locator("#day").fill("سبز")
    await page.locator("#day").press("Enter")
    await expect(page.locator("#day-reasons")).to_be_visible()
    await expect(page.locator("#day")).to_be_focused()


async def test_the_day_picker_goes_when_the_keyboard_goes_on(
    product: Product, window: BrowserContext, language: Language
) -> None:
    """On a phone it lay over the whole page while the next fields had the focus unseen."""
    member = await at_the_desk(window, product, username="manager1102", language=language)
    for width in (390, 1280):
        await member.page.set_viewport_size({"width": width, "height": 900})
        for key in ("Tab", "Escape"):
            await member.open(DAYS)
            picker = member.page.locator("jdp-container")
            await member.page.locator("#day").click()
            await expect(picker).to_be_visible()
            await member.page.keyboard.press(key)
            await expect(picker).to_be_hidden()
            focused = await member.page.evaluate("document.activeElement.id")
            assert focused == ("kind" if key == "Tab" else "day")


async def test_the_reason_at_a_day_is_not_covered_by_the_picker(
    product: Product, window: BrowserContext, language: Language, complaints: Complaints
) -> None:
    """The field with the reason gets the focus, and on a phone the picker came with it and lay over the page."""
    member = await at_the_desk(window, product, username="manager1102", language=language)
    await member.page.set_viewport_size({"width": 390, "height": 900})
    await member.open(DAYS)
    await refused(member.page, complaints)
    await member.page.wait_for_load_state()
    await member.page.wait_for_timeout(OPENS)
    await expect(member.page.locator("jdp-container")).to_be_hidden()
    await member.page.locator("#day").click()
    await expect(member.page.locator("jdp-container")).to_be_visible()


async def test_a_press_opens_the_picker_of_a_field_that_had_the_focus_before_the_script(
    product: Product, window: BrowserContext, language: Language, complaints: Complaints
) -> None:
    """On a busy machine the script came after the focus, and no press opened the picker until the field was left."""
    member = await at_the_desk(window, product, username="manager1102", language=language)
    page = member.page
    await member.open(DAYS)
    go = asyncio.Event()

    async def late(route: Route) -> None:
        await go.wait()
        await route.continue_()

    await page.route("**/desk.js*", late)
    await refused(page, complaints)
    go.set()
    await page.wait_for_load_state()
    await page.wait_for_timeout(OPENS)
    await expect(page.locator("jdp-container")).to_be_hidden()
    await page.locator("#day").click()
    await expect(page.locator("jdp-container")).to_be_visible()


async def test_a_press_that_finds_the_picker_coming_back_keeps_it_open(
    product: Product, window: BrowserContext, language: Language
) -> None:
    """What is put away while it opens comes back for a moment, until it is put away once more."""
    member = await at_the_desk(window, product, username="manager1102", language=language)
    page = member.page
    await member.open(DAYS)
    await page.clock.install()
    await page.clock.pause_at(await page.evaluate("Date.now()") + 1000)
    field, picker = page.locator("#day"), page.locator("jdp-container")
    await field.click()  # it is open after 300 ms
    await field.press("Escape")  # and put away once more after 400
    await expect(picker).to_be_hidden()
    await page.clock.run_for(350)
    await expect(picker).to_be_visible()
    await field.click()
    await page.clock.run_for(OPENS)
    await expect(picker).to_be_visible()


async def test_a_press_opens_the_picker_again_on_the_field_it_was_closed_at(
    product: Product, window: BrowserContext, language: Language
) -> None:
    member = await at_the_desk(window, product, username="manager1102", language=language)
    await member.open(DAYS)
    field, picker = member.page.locator("#day"), member.page.locator("jdp-container")
    await field.click()
    await expect(picker).to_be_visible()
    await field.press("Escape")
    await expect(picker).to_be_hidden()
    await field.click()  # at once: what was put away does not put away this one
    await member.page.wait_for_timeout(OPENS)
    await expect(picker).to_be_visible()
    await picker.locator(".jdp-day:not(.not-in-month)").first.click()
    await expect(picker).to_be_hidden()
    await expect(field).not_to_have_value("")
    await member.page.locator("label[for=day]").click()
    await expect(picker).to_be_visible()
