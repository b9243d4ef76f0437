"""One person closes a province for tomorrow on a phone, watches the tally, and undoes it before anybody is told."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import ViewportSize

from desk.language.language import Language
from tests.browser.conftest import Premises
from tests.browser.pages import Member, no_axe_complaints
from tests.browser.patience import expect

pytestmark = pytest.mark.browser

NARROW = ViewportSize(width=390, height=844)


async def test_a_province_is_closed_for_tomorrow_on_a_phone(premises: Premises, language: Language) -> None:
    admin = Member(await premises.window.new_page(), premises.product, language)
    page = admin.page
    await page.set_viewport_size(NARROW)
    await admin.sign_in("admin")
    await admin.open("/today")
    await page.locator("main a", has_text=admin.words("closing", "Close")).click()
    await expect(page.locator("[name=words]")).to_be_visible()
    await no_axe_complaints(page)
    await page.locator("[name=place]").select_option("province:IR-30")
    await page.locator("[name=when]").select_option("tomorrow")
    await page.locator("[name=reason]").select_option("")
    await page.locator("[name=words]").fill("برق شهر قطع است.")
    await page.locator("[name=words]").press("Enter")
    await expect(page.locator("h1")).to_contain_text("البرز")
    await no_axe_complaints(page)
    await page.locator("[name=closing_sure]").click()
    await page.wait_for_url(re.compile(r"/capacity/closed/\d+$"))
    tally = page.locator("#tally")
    await expect(tally).to_contain_text(admin.words("closing", "Closed"))
    await no_axe_complaints(page)
    await page.locator("button", has_text=admin.words("closing", "Undo it")).click()
    await expect(tally.locator("h2").first).to_contain_text(admin.words("closing", "Undone"))
    await expect(page.locator("button", has_text=admin.words("closing", "Undo it"))).to_have_count(0)
