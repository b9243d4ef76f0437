"""How much room a field has left is said while one writes; a long paste stays whole, with the keyboard at its fault."""

from __future__ import annotations

import pytest
from playwright.async_api import BrowserContext

from desk.language.language import Language
from tests.browser.pages import Complaints, no_axe_complaints
from tests.browser.patience import expect
from tests.browser.product import Product
from tests.browser.test_story import at_the_desk

pytestmark = pytest.mark.browser


async def test_too_long_a_paste_is_counted_kept_and_refused_at_its_field(
    window: BrowserContext, product: Product, language: Language, complaints: Complaints
) -> None:
    staff = await at_the_desk(window, product, username="admin", language=language)
    await staff.open("/catalogue/1/edit")
    page = staff.page
    field = page.locator("#keywords")
    counter = page.locator(".field", has=field).locator("[data-counter]")

    await field.fill("ب" * 300)
    await expect(counter).to_be_hidden()
    await field.fill("ب" * 330)
    await expect(counter).to_have_text("۳۳۰ / ۴۰۰")
    await field.fill("ب" * 450)
    await expect(counter).to_have_text("۴۵۰ / ۴۰۰")
    complaints.meant.add(422)
    await field.press("Enter")

    await expect(page.locator("#keywords-reasons")).to_contain_text("۴۰۰")
    await expect(field).to_have_value("ب" * 450)
    await expect(field).to_be_focused()
    await no_axe_complaints(page)
