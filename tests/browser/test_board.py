"""The board in a browser: 72 people at every width, the keyboard alone, and two windows side by side."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page

from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.backoffice.world import World, build
from tests.browser.pages import at_width
from tests.browser.patience import expect
from tests.browser.stage import Stage, on_live_stage, sticks_out, violations
from tests.makers_board import make_day
from tests.prepared import Filling

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

PICTURES = Path(__file__).resolve().parents[2] / "var" / "pictures"
WIDTHS = (390, 820, 1280, 1920)
LISTENS = 'html[data-stream="open"]'


@pytest.fixture(scope="module", autouse=True)
def _pictures() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)


@pytest.fixture
def filling() -> Filling:
    """The test world, with 72 people more at its first office."""

    def fill(session: WriteSession) -> World:
        world = build(session)
        make_day(session, queue=world.queue, service=world.service)
        return world

    return fill


@pytest_asyncio.fixture
async def stage(storage: Storage, holds: World) -> AsyncIterator[Stage]:
    """A running server whose pages hear of changes, and Chromium."""
    async with on_live_stage(storage, holds) as staged:
        yield staged


async def at_the_board(stage: Stage, username: str, *, counter: int, width: int = 1280) -> Page:
    """The board of the first office, at this counter, as soon as it listens."""
    page = await stage.page(width)
    await stage.sign_in(page, username)
    await page.goto(f"{stage.address}/board?office={stage.world.office}&counter={counter}&chosen=1")
    await expect(page.locator(LISTENS)).to_be_attached()
    return page


async def press(page: Page, key: str) -> None:
    """Press a key, and wait for the board that answers it."""
    await page.evaluate("document.getElementById('board').dataset.before = '1'")
    await page.keyboard.press(key)
    await expect(page.locator("#board:not([data-before])")).to_be_attached()


async def broken_numbers(page: Page) -> int:
    """How many call numbers take two lines, once two people share their last three digits: 892 and 1 are others."""
    return int(
        await page.evaluate(
            """() => [...document.querySelectorAll(".person > .call-number")].map((number) => {
                number.textContent = "۸۹۲۱";
                return number;
              }).filter((number) => {
                const words = document.createRange();
                words.selectNodeContents(number);
                return new Set([...words.getClientRects()].map((box) => box.top)).size > 1
                  || words.getBoundingClientRect().width > number.getBoundingClientRect().width + 1;
              }).length"""
        )
    )


async def unpressable(page: Page) -> list[str]:
    """The buttons of the board that no thumb hits: too small, outside of the window, or covered."""
    return list(
        await page.evaluate(
            """() => [...document.querySelectorAll(".person-do > .btn, .mine .btn, .board-find .btn")]
              .filter((button) => button.offsetParent !== null)
              .filter((button) => {
                button.scrollIntoView({ block: "center", behavior: "instant" });
                const box = button.getBoundingClientRect();
                if (box.width < 40 || box.height < 36) return true;
                if (box.left < 0 || box.right > document.documentElement.clientWidth) return true;
                const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
                return !button.contains(there);
              }).map((button) => button.textContent.trim())"""
        )
    )


@pytest.mark.requirement("000-05", "S")
async def test_seventy_two_people_fit_every_screen(stage: Stage) -> None:
    page = await at_the_board(stage, "clerk", counter=3)
    door = await at_the_board(stage, "manager", counter=0)
    assert await page.locator(".person").count() > 72
    for width in WIDTHS:
        for who, name in ((page, "counter"), (door, "door")):
            await at_width(who, width)
            assert not await sticks_out(who), (width, name)
            assert await unpressable(who) == [], (width, name)
            await who.evaluate("window.scrollTo(0, 0)")
            await who.screenshot(path=PICTURES / f"board-{name}-{width}.png")
            assert await violations(who) == [], (width, name)
            assert await broken_numbers(who) == 0, (width, name)
            assert not await sticks_out(who), (width, name, "longer numbers")
    assert stage.complaints == []


@pytest.mark.requirement("000-05", "S")
async def test_a_press_shows_on_the_other_screen_by_itself(stage: Stage) -> None:
    counter = await at_the_board(stage, "clerk", counter=7)
    door = await at_the_board(stage, "manager", counter=0)
    await expect(counter.locator("[data-key=next]")).to_be_visible()
    number = await counter.locator(".mine .call-number").inner_text()

    await counter.keyboard.press("n")
    await expect(counter.locator("[data-mine] .call-number")).to_have_text(number)
    at_door = door.locator("#people-called .person", has_text=number)
    await expect(at_door).to_contain_text("صدا شده، باجهٔ ۷")
    for key, state in (("e", "سرِ باجهٔ ۷"), ("u", "صدا شده، باجهٔ ۷"), ("e", "سرِ باجهٔ ۷")):
        await press(counter, key)
        await expect(at_door).to_contain_text(state)

    arrives = door.locator("#people-expected .person").first
    who = await arrives.get_attribute("data-person")
    await arrives.focus()
    await door.keyboard.press("a")
    await expect(counter.locator(f"#people-here [data-person='{who}']")).to_be_visible()
    assert stage.complaints == []


async def test_a_counter_is_worked_with_keys_alone(stage: Stage) -> None:
    page = await at_the_board(stage, "clerk", counter=8)
    mine, state = page.locator("[data-mine]"), page.locator("[data-mine] .sign").first
    for key, expected in (("n", "صدا شده"), ("c", "صدا شده"), ("e", "سرِ باجه")):
        await press(page, key)
        await expect(state).to_contain_text(expected)
    number = await mine.locator(".call-number").inner_text()

    await press(page, "h")
    await expect(mine).to_have_count(0)
    held = page.locator("#people-here .person", has_text=number)
    await expect(held).to_contain_text("نگه داشته شده")
    await press(page, "n")
    await expect(mine).to_be_visible()
    await page.keyboard.press("s")
    await expect(page.locator("[data-mine] .record-form [name=reference]")).to_be_focused()
    await page.keyboard.type("123456")
    await page.keyboard.press("Enter")
    await expect(mine).to_have_count(0)
    await expect(page.locator(LISTENS)).to_be_attached()

    await held.focus()
    await press(page, "c")
    await expect(mine.locator(".call-number")).to_have_text(number)
    await page.keyboard.press("b")
    await expect(page.locator("[data-mine] [data-more] button[value^='come_back:']").first).to_be_focused()
    await page.keyboard.press("Escape")
    await press(page, "u")
    await expect(mine).to_have_count(0)

    await page.keyboard.press("/")
    await page.keyboard.type("حبیب")
    await page.keyboard.press("Enter")
    found = page.locator("#found .person")
    await expect(found.first).to_be_visible()
    assert await page.locator("#find").input_value() == ""
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await expect(found).to_have_count(0)
    assert stage.complaints == []


async def test_without_a_camera_the_page_says_so_and_the_field_stands_first(stage: Stage) -> None:
    page = await stage.page(390)
    await page.add_init_script("Object.defineProperty(window, 'isSecureContext', { get: () => false })")
    await stage.sign_in(page, "clerk")
    await page.goto(f"{stage.address}/board?office={stage.world.office}")
    await expect(page.locator("[data-scan-not=insecure]")).to_be_visible()
    assert await page.locator("[data-scan]:visible").count() == 0
    await expect(page.locator("#find")).to_be_visible()
    assert re.search("https", await page.locator("[data-scan-not=insecure]").inner_text())
