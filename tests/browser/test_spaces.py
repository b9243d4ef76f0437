"""Signs are as wide as their words, and what stands above a list does not touch it."""

from __future__ import annotations

import pytest
from playwright.async_api import BrowserContext, FloatRect, Locator

from desk.language.language import Language
from tests.browser.product import Product
from tests.browser.test_story import at_the_desk

pytestmark = pytest.mark.browser


async def box(part: Locator) -> FloatRect:
    """Where a part of the page stands."""
    found = await part.bounding_box()
    assert found is not None
    return found


async def test_a_sign_in_a_list_is_as_wide_as_its_words(
    window: BrowserContext, product: Product, language: Language
) -> None:
    staff = await at_the_desk(window, product, username="admin", language=language)
    await staff.open("/capacity/marshals")

    sign = staff.page.locator(".item-words > .sign").first
    wide, words = await box(sign), await box(sign.locator("span"))

    assert wide["width"] < words["width"] + 60


async def test_the_buttons_above_the_list_of_the_day_do_not_touch_it(
    window: BrowserContext, product: Product, language: Language
) -> None:
    staff = await at_the_desk(window, product, username="clerk1102", language=language)
    await staff.open("/today")

    above, below = (
        await box(staff.page.locator("#appointments > .actions").first),
        await box(staff.page.locator("#appointments > .list")),
    )

    assert below["y"] - (above["y"] + above["height"]) >= 8
