"""The day's list as it looks: its buttons are there on every width, and on paper it is a table."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page

from backoffice.app import BackofficeSettings, create_app
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.backoffice.conftest import IDENTITY_KEY, TEMPLATES, MovableClock
from tests.backoffice.test_by_number import NAME, NUMBER, furnish
from tests.backoffice.test_original_paper import WRONG, name_twice
from tests.backoffice.world import World, build
from tests.browser.patience import expect
from tests.browser.stage import Stage, on_stage, sticks_out
from tests.prepared import Filling

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

PICTURES = Path(__file__).resolve().parents[2] / "var" / "pictures"
"""What the tests saw; git does not keep it."""
WIDTHS = (390, 820, 900, 1024, 1280, 1920)
PEOPLE = 20
A4 = (595, 842)
"""Width and height in points."""

OFFICE = "دفتر پیشخوان گلشهر"
"""The office of the appointments that the number finds."""


@pytest.fixture(scope="module", autouse=True)
def _pictures() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)


def a_full_day(session: WriteSession) -> World:
    return build(session, crowd=PEOPLE)


@pytest.fixture
def filling() -> Filling:
    """The test world with a full day."""
    return a_full_day


@pytest_asyncio.fixture
async def stage(storage: Storage, holds: World) -> AsyncIterator[Stage]:
    """A day of twenty people on a running server, and Chromium."""
    app = create_app(
        storage=storage,
        templates=TEMPLATES,
        clock=MovableClock(),
        identity_key=IDENTITY_KEY,
        settings=BackofficeSettings(sign_ins_per_minute=100),
    )
    async with on_stage(app, holds) as staged:
        yield staged


async def unseen(page: Page) -> list[str]:
    """The buttons of the rows that cannot be pressed where they stand: no size, outside the window, or covered."""
    return list(
        await page.evaluate(
            """() => [
              ...document.querySelectorAll(".appointment:not(.appointment-folded) .appointment-do .btn")
            ].filter((button) => {
              button.scrollIntoView({ block: "center", behavior: "instant" });
              // What lies beyond a card that cuts off can be scrolled to by a program only, by no hand.
              for (let around = button; around; around = around.parentElement) around.scrollLeft = 0;
              const box = button.getBoundingClientRect();
              if (box.width < 40 || box.height < 30) return true;
              if (box.left < 0 || box.right > document.documentElement.clientWidth) return true;
              const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
              return !button.contains(there);
            }).map((button) => button.textContent.trim())"""
        )
    )


@pytest.mark.parametrize("width", WIDTHS)
async def test_every_button_of_a_row_can_be_seen_and_pressed(stage: Stage, width: int) -> None:
    page = await stage.page(width)
    await stage.sign_in(page, "clerk")
    await page.screenshot(path=PICTURES / f"today-{width}.png", full_page=True)

    rows = await page.locator(".appointment:not(.appointment-folded)").count()
    assert rows > 10
    assert await page.locator(".appointment:not(.appointment-folded) .appointment-do").count() == rows
    assert await unseen(page) == []
    assert not await sticks_out(page)
    assert stage.complaints == []


@pytest.mark.parametrize("width", WIDTHS)
async def test_each_reason_has_a_line_of_its_own(storage: Storage, stage: Stage, width: int) -> None:
    """A number that is not that of the paper is answered with three sentences, read one after the other."""
    named_twice, _other = await storage.write(name_twice, world=stage.world)
    page = await stage.page(width)
    await stage.sign_in(page, "clerk")
    row = page.locator(f"#appointment-{named_twice}")
    await expect(row.locator(".sign")).to_have_count(2)

    await row.locator("[data-key=paper]").click()
    await row.locator("input[name=number]").fill(WRONG)
    await row.locator("input[name=number]").press("Enter")
    reasons = row.locator(".reasons > span")
    await expect(reasons).to_have_count(3)
    sides = await reasons.evaluate_all("(all) => all.map((each) => Math.round(each.getBoundingClientRect().right))")
    assert len(set(sides)) == 1, "the reasons stand beside each other"
    await page.screenshot(path=PICTURES / f"named-twice-{width}.png", full_page=True)


async def test_a_number_sent_in_a_hurry_is_found_in_place(storage: Storage, stage: Stage) -> None:
    """What was typed a moment before Enter is still looked for in the list; it may not overtake the answer."""
    await storage.write(furnish, world=stage.world)
    page = await stage.page(1280)
    await stage.sign_in(page, "clerk")
    address, entries = page.url, await page.evaluate("history.length")
    found, field = page.locator("[data-found]"), page.locator("#q")

    await field.press_sequentially(NUMBER, delay=5)
    await field.press("Enter")
    await expect(found).to_contain_text(OFFICE)
    await page.wait_for_timeout(900)

    await expect(found).to_contain_text(OFFICE)
    await expect(found).not_to_contain_text(NAME)  # it is on a day outside the clerk's own
    await expect(field).to_have_value("")
    await expect(field).to_be_focused()
    await expect(page.locator("#live")).to_contain_text(OFFICE)
    assert (page.url, await page.evaluate("history.length")) == (address, entries)
    await field.fill("فاطمه")
    await expect(page.locator("[data-row]")).to_have_count(4)
    await field.press("Enter")
    await page.wait_for_url("**/today?*q=%D9%81*")
    assert stage.complaints == []


async def test_without_script_the_number_is_found_on_a_page_of_its_own(storage: Storage, stage: Stage) -> None:
    await storage.write(furnish, world=stage.world)
    page = await stage.page(1280, scripts=False)
    await stage.sign_in(page, "clerk")

    await page.locator("#q").fill(NUMBER)
    await page.get_by_role("button", name="جستجو").click()

    await expect(page.locator("[data-found]")).to_contain_text(OFFICE)
    await expect(page.locator("#q")).to_have_value("")
    assert page.url == f"{stage.address}/today/search"
    await page.goto(page.url)
    assert page.url.startswith(f"{stage.address}/today")
    await expect(page.locator("li.appointment")).to_have_count(PEOPLE)


async def test_what_is_done_is_folded_and_opens(stage: Stage) -> None:
    page = await stage.page(1280)
    await stage.sign_in(page, "clerk")
    done = page.locator(f"#appointment-{stage.world.appointments[2]}")

    await expect(done).to_be_hidden()
    await page.get_by_text("نمایش افراد").click()
    await expect(done).to_be_visible()
    await page.goto(f"{stage.address}/today#appointment-{stage.world.appointments[4]}")
    await expect(page.locator(f"#appointment-{stage.world.appointments[4]}")).to_be_visible()


async def test_the_present_moment_stands_in_the_list(stage: Stage) -> None:
    page = await stage.page(1280)
    await stage.sign_in(page, "clerk")
    behind = await page.evaluate(
        "() => [...document.querySelectorAll('[data-now] ~ .appointment')].map((row) => Number(row.dataset.starts))"
    )

    assert await page.locator("[data-now]").count() == 1
    assert all(starts > MovableClock().now().timestamp() for starts in behind)


async def test_the_rule_on_the_wall_keeps_its_numbers_on_the_sheet(stage: Stage) -> None:
    page = await stage.page(1280)
    await stage.sign_in(page, "clerk")
    await page.goto(f"{stage.address}/offices/{stage.world.office}/line")
    await page.emulate_media(media="print")
    room = "parseFloat(getComputedStyle(document.querySelector('.wall-rule')).paddingInlineStart)"
    assert await page.evaluate(room) > 40, "a number of two digits at the size of the wall"


async def test_twenty_people_are_printed_as_a_table_on_two_sheets_at_most(stage: Stage) -> None:
    page = await stage.page(1280)
    await stage.sign_in(page, "clerk")
    file = PICTURES / "today.pdf"
    printed = await page.pdf(path=file, prefer_css_page_size=True)
    await page.emulate_media(media="print")

    sheets = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)", printed)
    assert 1 <= len(sheets) <= 2
    assert {(int(float(wide)), int(float(high))) for wide, high in sheets} <= {A4, (594, 841), (595, 841)}
    # The first sheet is not blank: the list begins below its heading, and the table may be broken.
    looks = await page.evaluate(
        """() => {
          const look = (name, pseudo) => getComputedStyle(document.querySelector(name), pseudo);
          return {
            head: look(".sheet-head").display, row: look(".appointment").display, list: look(".list").overflowY,
            inside: look(".list").breakInside, tick: look(".appointment .appointment-tick", "::before").borderTopStyle,
            number: [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
              .some((rule) => rule.cssText.startsWith("@page") && rule.cssText.includes("counter(page")),
            rows: [...document.querySelectorAll(".appointment")].filter((row) => row.offsetHeight > 0).length,
          };
        }"""
    )
    assert looks == {
        "head": "table-header-group",
        "row": "table-row",
        "list": "visible",
        "inside": "auto",
        "tick": "solid",
        "number": True,
        "rows": PEOPLE,
    }
