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


async def test_every_part_can_be_read_and_hit_at_the_foot_of_a_phone(
    product: Product, window: BrowserContext, language: Language
) -> None:
    """Nine entries stood on one another at 390, and at 320 the last one lay beyond the side."""
    member = await at_the_desk(window, product, username="admin", language=language)
    await member.open("/history")
    bar, more = member.page.locator("nav.parts > ul"), member.page.locator("nav.parts summary")
    everything = await bar.locator("> li:not(.parts-more)").all_text_contents()
    for width in (320, 360, 390, 820):
        await member.page.set_viewport_size({"width": width, "height": 800})
        on_one_another = await member.page.evaluate(
            """() => {
              const boxes = [...document.querySelectorAll("nav.parts > ul > li")].filter((li) => li.offsetWidth > 0)
                .flatMap((li) => [li, li.querySelector("span")].map((part) => [li, part.getBoundingClientRect()]));
              const cross = ([one, a], [other, b]) => one !== other &&
                a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
              const width = document.documentElement.clientWidth;
              return boxes.filter(([li, box], place) => box.left < -1 || box.right > width + 1 || box.height > 100 ||
                (box.width < 44 && box.height > 40) || boxes.slice(place + 1).some((it) => cross([li, box], it)))
                .map(([li]) => li.textContent.trim());
            }"""
        )
        assert on_one_another == [], width
        assert await more.is_visible() == (width < 800)
    await member.page.set_viewport_size({"width": 360, "height": 800})
    shown = [each for each in everything if await bar.locator("> li", has_text=each.strip()).first.is_visible()]
    await more.press("Enter")
    behind = member.page.locator(".parts-box a")
    await expect(behind.first).to_be_visible()
    assert [*shown, *await behind.all_text_contents()] == everything
    assert await member.page.locator(".parts-box [aria-current=page]").count() == 1
    assert "is-current" in (await more.get_attribute("class") or "")
    await member.page.keyboard.press("Escape")
    await expect(behind.first).to_be_hidden()


async def test_what_a_clerk_uses_all_day_is_not_behind_more(
    product: Product, window: BrowserContext, language: Language
) -> None:
    member = await at_the_desk(window, product, username="clerk1102", language=language)
    behind = await member.page.locator(".parts-box a").evaluate_all("all => all.map((a) => a.pathname)")
    assert behind == ["/catalogue", "/offices"]
