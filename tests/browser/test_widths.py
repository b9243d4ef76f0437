"""Nothing in a list is cut off at its side: each link, button and badge of a row is inside its card on every width."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.async_api import BrowserContext, Page

from desk.language.language import Language
from tests.browser.pages import at_width
from tests.browser.patience import expect
from tests.browser.product import Product
from tests.browser.test_live import opened
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


async def test_every_tab_of_a_page_is_seen_without_pushing(
    product: Product, window: BrowserContext, language: Language
) -> None:
    member = await at_the_desk(window, product, username="admin", language=language)
    for path in ("/capacity", "/changes", "/catalogue/1", "/capacity/1/queues/1"):
        await member.open(path)
        for width in WIDTHS:
            await at_width(member.page, width)
            hidden = await member.page.evaluate(
                """() => [...document.querySelectorAll(".tabs a")].filter((tab) => {
                  const box = tab.getBoundingClientRect();
                  return box.left < 0 || box.right > document.documentElement.clientWidth;
                }).map((tab) => tab.textContent.trim())"""
            )
            assert await member.page.locator(".tabs a").count() > 1
            assert hidden == [], f"{path} at {width}"


async def test_a_stream_that_is_lost_for_a_moment_moves_nothing(
    product: Product, window: BrowserContext, language: Language
) -> None:
    """The sentence comes after six seconds, and takes no room before: who is about to press hits what they meant."""
    member = await at_the_desk(window, product, username="manager1102", language=language)
    await opened(member, "/today")  # from here on the stream says nothing new by itself
    note = member.page.locator(".stream-lost")
    motions: tuple[Literal["reduce", "no-preference"], ...] = ("reduce", "no-preference")
    for motion in motions:
        await member.page.emulate_media(reduced_motion=motion)
        # In one go: between two orders to a browser that is busy the six seconds may be over.
        before, after = await member.page.evaluate(
            """() => {
              const top = () => document.querySelector("h1").getBoundingClientRect().top;
              const before = top();
              document.documentElement.dataset.stream = "lost";
              return [before, top()];
            }"""
        )
        assert after == before, motion
        await expect(note).to_be_visible()
        await member.page.evaluate("document.documentElement.dataset.stream = 'open'")
        await expect(note).to_be_hidden()  # the next round begins when the browser has seen the end of this one


async def test_no_row_is_cut_off_at_its_side(product: Product, window: BrowserContext, language: Language) -> None:
    member = await at_the_desk(window, product, username="manager1102", language=language)
    for path in PAGES:
        await member.open(path)
        for width in WIDTHS:
            await at_width(member.page, width)
            assert await cut_off(member.page) == [], f"{path} at {width}"


async def test_the_filters_of_the_inbox_are_folded_on_a_phone_only(
    product: Product, window: BrowserContext, language: Language
) -> None:
    member = await at_the_desk(window, product, username="alborz", language=language)
    await member.open("/inbox")
    category, press = member.page.locator("#category"), member.page.locator(".fold > summary")
    for width, is_folded in ((390, True), (820, False), (1280, False)):
        await at_width(member.page, width)
        await expect(category).to_be_visible(visible=not is_folded)
        await expect(press).to_be_visible(visible=is_folded)

    await at_width(member.page, 390)
    await press.click()
    await category.select_option("NO_RECEIPT")
    await member.page.wait_for_url("**category=NO_RECEIPT**")
    await expect(category).to_be_hidden()
    await expect(member.page.locator(".chosen-one")).to_have_count(1)


async def test_the_buttons_of_the_day_stand_on_one_line_beside_the_parts(
    product: Product, window: BrowserContext, language: Language
) -> None:
    member = await at_the_desk(window, product, username="clerk1102", language=language)
    for path in ("/today", "/today?day=2026-11-24"):
        await member.open(path)
        for width in (820, 900, 1024):
            await at_width(member.page, width)
            rows = await member.page.evaluate(
                """() => new Set([...document.querySelectorAll(".day-bar > *")].map((part) => {
                  const box = part.getBoundingClientRect();
                  return Math.round((box.top + box.bottom) / 2 / 10);
                })).size"""
            )
            assert rows == 1, f"{path} at {width}"
