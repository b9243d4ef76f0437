"""Nothing in a list is cut off at its side: each link, button and badge of a row is inside its card on every width."""

from __future__ import annotations

import pytest
from playwright.async_api import BrowserContext, Page

from desk.language.language import Language
from tests.browser.product import Product
from tests.browser.test_story import at_the_desk

pytestmark = pytest.mark.browser

WIDTHS = (390, 820, 900, 1024, 1280, 1920)
PAGES = ("/inbox", "/capacity/1/queues/1", "/staff", "/capacity/holidays", "/changes")


async def cut_off(page: Page) -> list[str]:
    """What stands beyond the side of its card; a card cuts off what does not fit."""
    return list(
        await page.evaluate(
            """() => [...document.querySelectorAll("main .card a, main .card .btn, main .card span")].filter((part) => {
              if (part.closest(".visually-hidden")) return false;
              const box = part.getBoundingClientRect();
              const card = part.closest(".card").getBoundingClientRect();
              return box.width > 0 && (box.left < card.left - 1 || box.right > card.right + 1);
            }).map((part) => part.textContent.trim())"""
        )
    )


async def test_no_row_is_cut_off_at_its_side(product: Product, window: BrowserContext, language: Language) -> None:
    member = await at_the_desk(window, product, username="manager1102", language=language)
    for path in PAGES:
        await member.open(path)
        for width in WIDTHS:
            await member.page.set_viewport_size({"width": width, "height": 900})
            assert await cut_off(member.page) == [], f"{path} at {width}"
