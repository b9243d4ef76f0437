"""Working days in a real browser, wide and narrow, by mouse and by keyboard; no console error, no axe violation."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Route

from backoffice.app import BackofficeSettings, create_app
from desk.storage.engine import Storage
from tests.backoffice.addresses import address_of, pages
from tests.backoffice.conftest import IDENTITY_KEY, TEMPLATES, MovableClock
from tests.backoffice.world import World, build
from tests.browser.patience import expect
from tests.browser.stage import Stage, on_stage, sticks_out, violations
from tests.prepared import Filling

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

WIDTHS = {"wide": 1280, "phone": 390}


@pytest.fixture
def filling() -> Filling:
    """The test world."""
    return build


@pytest_asyncio.fixture
async def stage(storage: Storage, holds: World) -> AsyncIterator[Stage]:
    """Pages over a filled database on a free port, and Chromium."""
    app = create_app(
        storage=storage,
        templates=TEMPLATES,
        clock=MovableClock(),
        identity_key=IDENTITY_KEY,
        settings=BackofficeSettings(sign_ins_per_minute=100),
    )
    async with on_stage(app, holds) as staged:
        yield staged


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
async def test_every_page_is_readable_for_everybody(stage: Stage, width: int) -> None:
    page = await stage.page(width)
    await page.goto(f"{stage.address}/sign-in")
    faults = await violations(page)
    await stage.sign_in(page, "admin")
    # The administrator of the country sees the names of a day after giving a reason.
    await page.goto(f"{stage.address}/today?office={stage.world.office}")
    door = page.locator("form[action^='/today/open']").first
    await door.locator("[name=reason]").fill("بازبینی فهرست این روز")
    await door.locator("button[type=submit]").first.click()
    await page.wait_for_load_state()
    for route in pages():
        path = address_of(route, stage.world)
        await page.goto(f"{stage.address}{path}")
        faults += await violations(page)
        if await sticks_out(page):
            faults.append(f"{path} is wider than {width}")

    assert faults == []
    assert stage.complaints == []


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
async def test_a_morning_at_the_counter(stage: Stage, width: int) -> None:
    page = await stage.page(width)
    await stage.sign_in(page, "clerk")
    row = page.locator(f"#appointment-{stage.world.appointments[0]}")

    await row.get_by_role("button", name="آمد").click()
    await expect(row.get_by_text("حاضر")).to_be_visible()
    await expect(page.locator("#counts")).to_contain_text("۳")
    await row.get_by_role("link", name="انجام شد").click()
    await expect(row.locator("[name=reference]")).to_be_focused()
    await page.keyboard.type("123456")
    await page.keyboard.press("Enter")
    await expect(row.locator(".appointment-state")).to_contain_text("انجام شد")
    await row.get_by_role("button", name="بازگردانی").click()
    await expect(row.get_by_text("حاضر")).to_be_visible()

    other = page.locator(f"#appointment-{stage.world.appointments[3]}")
    await other.get_by_role("link", name="مراجعهٔ دوباره").click()
    await expect(other.get_by_role("button", name="یکشنبه ۱ آذر")).to_be_focused()
    await other.get_by_role("button", name="نمایش وقت‌های خالی").click()
    await expect(other.get_by_role("alert")).to_contain_text("لطفاً این‌جا را پر کنید")
    await other.get_by_role("button", name="یکشنبه ۱ آذر").click()
    await expect(other.locator(".appointment-state")).to_contain_text("مراجعهٔ دوباره")

    await page.get_by_placeholder("نام، کد یا شمارهٔ مدرک").fill("زلیخا")
    await expect(page.locator("[data-row]")).to_have_count(1)
    assert stage.complaints == []


async def test_the_picker_of_days_is_gone_when_the_answer_comes(stage: Stage) -> None:
    """The picker stayed open over the page, because the answer had replaced its field."""
    page = await stage.page(390)
    await stage.sign_in(page, "clerk")
    row = page.locator(f"#appointment-{stage.world.appointments[3]}")
    await row.get_by_role("link", name="مراجعهٔ دوباره").click()
    field = row.locator("[name=come_back_on]")
    await field.click()
    await expect(page.locator("jdp-container")).to_be_visible()
    await field.fill("جمعه")
    await field.press("Enter")
    await expect(row.get_by_role("alert")).to_contain_text("جمعه")
    await expect(page.locator("jdp-container")).to_be_hidden()
    await expect(page.locator("jdp-overlay")).to_be_hidden()


async def test_the_picker_that_was_still_opening_stays_gone_too(stage: Stage) -> None:
    """A reply sent within the 300 ms of its opening used to come back over the answer."""
    page = await stage.page(390)
    await stage.sign_in(page, "clerk")
    row = page.locator(f"#appointment-{stage.world.appointments[3]}")
    await row.get_by_role("link", name="مراجعهٔ دوباره").click()
    field = row.locator("[name=come_back_on]")
    await field.evaluate("field => { field.focus(); field.value = 'جمعه'; }")
    await page.keyboard.press("Enter")
    await expect(row.get_by_role("alert")).to_contain_text("جمعه")

    await page.wait_for_timeout(700)

    assert await page.locator("jdp-container").is_hidden()


async def test_the_list_works_by_keyboard_alone(stage: Stage) -> None:
    page = await stage.page(1280)
    await stage.sign_in(page, "clerk")

    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    await page.keyboard.press("j")
    first = page.locator("[data-row]").first
    await expect(first).to_be_focused()
    await page.keyboard.press("a")
    await expect(first.get_by_text("حاضر")).to_be_visible()
    await expect(first).to_be_focused()
    await page.keyboard.press("u")
    await expect(first.get_by_text("نوبت دارد")).to_be_visible()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#help")).to_be_hidden()
    await page.keyboard.press("/")
    await expect(page.locator("#q")).to_be_focused()
    assert stage.complaints == []


async def test_enter_in_the_day_field_shows_the_times_of_that_day(stage: Stage) -> None:
    page = await stage.page(1280)
    await stage.sign_in(page, "clerk")
    row = page.locator(f"#appointment-{stage.world.appointments[0]}")

    await row.get_by_role("link", name="مراجعهٔ دوباره").click()
    await row.get_by_label("روز دیگر").fill("۱۴۰۵/۰۹/۰۴")
    await page.keyboard.press("Enter")
    await expect(row.get_by_text("وقت‌های خالی چهارشنبه ۴ آذر")).to_be_visible()
    await page.keyboard.press("Enter")  # once too often books nothing
    await row.get_by_role("button", name="۹:۰۰").first.click()

    await expect(row.locator(".appointment-state")).to_contain_text("چهارشنبه ۴ آذر")
    assert stage.complaints == []


async def test_the_form_for_coming_back_belongs_to_the_row_it_was_opened_in(stage: Stage) -> None:
    page = await stage.page(1280)
    await stage.sign_in(page, "clerk")
    first, second = (page.locator(f"#appointment-{appointment}") for appointment in stage.world.appointments[:2])
    forms = page.locator(".back-form")

    await page.locator("body").press("j")
    await page.keyboard.press("b")
    await expect(first.locator("[data-focus]")).to_be_focused()
    await page.keyboard.press("j")
    await expect(second).to_be_focused()
    await page.keyboard.press("b")
    await expect(second.locator("[data-focus]")).to_be_focused()
    await expect(forms).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(forms).to_have_count(0)
    await expect(second).to_be_focused()
    await page.keyboard.press("b")
    await second.locator("[data-leave]").click()
    await expect(forms).to_have_count(0)
    await expect(second).to_be_focused()
    await page.keyboard.press("b")
    await expect(second.locator("[data-focus]")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(second.locator(".appointment-state")).to_contain_text("مراجعهٔ دوباره")
    await expect(second).to_be_focused()
    await expect(first.locator(".appointment-state")).to_contain_text("نوبت دارد")
    assert stage.complaints == []


async def test_a_form_that_comes_too_late_does_not_take_the_keyboard(stage: Stage) -> None:
    page = await stage.page(1280)
    await stage.sign_in(page, "clerk")
    first, second = (page.locator(f"#appointment-{appointment}") for appointment in stage.world.appointments[:2])
    go = asyncio.Event()

    async def wait(route: Route) -> None:
        await go.wait()
        await route.continue_()

    await page.route(f"**/today/{stage.world.appointments[0]}/back", wait)
    await page.locator("body").press("j")
    await page.keyboard.press("b")
    await page.keyboard.press("j")
    async with page.expect_response("**/back"):
        go.set()
    await page.wait_for_timeout(200)

    await expect(second).to_be_focused()
    await expect(page.locator(".back-form")).to_have_count(0)
    await expect(first.locator(".appointment-state")).to_contain_text("نوبت دارد")


async def test_a_day_far_away_is_refused_in_the_form(stage: Stage) -> None:
    page = await stage.page(1280)
    await stage.sign_in(page, "clerk")
    row = page.locator(f"#appointment-{stage.world.appointments[0]}")

    await row.get_by_role("link", name="مراجعهٔ دوباره").click()
    await row.get_by_label("روز دیگر").fill("۴۱۰۵/۰۹/۱۰")
    await page.keyboard.press("Enter")

    await expect(row.get_by_role("alert")).to_contain_text("لطفاً روز را بنویسید، مانند")
    # Not the field: the picker would open over everything on a phone. Nor a time: one more Enter would book it.
    await expect(row.locator("fieldset")).to_be_focused()
    await expect(row.get_by_label("روز دیگر")).to_have_value("۴۱۰۵/۰۹/۱۰")
    assert stage.complaints == []


async def test_what_went_wrong_stands_in_the_row_and_the_row_stays(stage: Stage) -> None:
    page = await stage.page(1280)
    await stage.sign_in(page, "clerk")
    row = page.locator(f"#appointment-{stage.world.appointments[0]}")
    arrived = row.get_by_role("button", name="آمد")

    await page.context.set_offline(True)
    await arrived.click()
    await expect(row.get_by_role("alert")).to_be_visible()
    await page.context.set_offline(False)
    await page.route("**/today/*", lambda route: route.fulfill(status=502, body="<html><h1>Bad Gateway</h1></html>"))
    await arrived.click()
    await expect(row.get_by_role("alert")).not_to_contain_text("Gateway")
    await page.unroute("**/today/*")
    cookies = await page.context.cookies()
    await page.context.clear_cookies()
    await arrived.click()
    await expect(row.get_by_role("alert").get_by_role("link")).to_have_attribute("href", re.compile("^/sign-in"))
    await expect(arrived).to_be_visible()
    assert await violations(page) == []

    await page.context.add_cookies(
        [{"name": str(each["name"]), "value": str(each["value"]), "url": stage.address} for each in cookies]
    )
    await arrived.click()
    await expect(row.get_by_text("حاضر")).to_be_visible()
    await expect(page.get_by_role("alert")).to_have_count(0)
    await expect(row).to_be_focused()


async def test_the_day_picker_writes_a_solar_day(stage: Stage) -> None:
    page = await stage.page(1280)
    await stage.sign_in(page, "clerk")

    await page.locator("#day").click()
    await page.locator(".jdp-day:not(.not-in-month)", has_text="۱۵").click()

    await expect(page.locator("h1")).to_contain_text("۱۵ آبان ۱۴۰۵")
    assert stage.complaints == []


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
async def test_a_complaint_is_answered_and_closed(stage: Stage, width: int) -> None:
    page = await stage.page(width)
    await stage.sign_in(page, "province")
    await page.get_by_role("link", name="کارتابل").click()
    await page.get_by_role("link", name="پول اضافه گرفتند").click()
    await expect(page.get_by_text("بیش از هزینهٔ مصوب")).to_be_visible()

    await page.get_by_label("پاسخ شما").fill("پیگیری کردیم. دفتر پول را پس می‌دهد.")
    await page.get_by_role("button", name="فرستادن پاسخ").click()
    await expect(page.get_by_text("پاسخ در راه است.")).to_be_visible()
    await expect(page.get_by_text("در صف فرستادن").first).to_be_visible()
    await page.locator("summary", has_text="بستن پرونده").click()
    page.once("dialog", lambda dialog: dialog.accept())
    await page.get_by_label("چرا بسته می‌شود؟").select_option("answered")
    await page.get_by_role("button", name="بستن و اطلاع به متقاضی").click()
    await expect(page.get_by_text("بسته شد: کامل پاسخ داده شد")).to_be_visible()
    assert stage.complaints == []


async def test_everything_works_without_scripts(stage: Stage) -> None:
    page = await stage.page(1280, scripts=False)
    await stage.sign_in(page, "clerk")
    row = page.locator(f"#appointment-{stage.world.appointments[0]}")

    await row.get_by_role("button", name="آمد").click()

    await expect(page.get_by_text("ثبت شد.")).to_be_visible()
    await expect(page.locator(f"#appointment-{stage.world.appointments[0]}")).to_contain_text("حاضر")


async def test_the_printed_list_is_only_the_list(stage: Stage, tmp_path: Path) -> None:
    page = await stage.page(1280)
    await stage.sign_in(page, "clerk")
    await page.emulate_media(media="print")

    for hidden in (".parts", ".bar", ".appointment-do", ".filters"):
        await expect(page.locator(hidden).first).to_be_hidden()
    await expect(page.get_by_text("گل‌آقا رحیمی").first).to_be_visible()
    assert (await page.pdf(path=tmp_path / "list.pdf")).startswith(b"%PDF")


async def test_typing_into_a_filled_day_replaces_it(stage: Stage) -> None:
    page = await stage.page(1280)
    await stage.sign_in(page, "admin")
    await page.goto(f"{stage.address}/catalogue/{stage.world.service}/fees")
    field = page.locator("input[name=valid_from]").first
    await field.fill("۱۴۰۵/۱۰/۰۱")
    await page.locator("input[name=amount]").first.click()
    await field.click()
    await page.keyboard.type("فردا")
    await expect(field).to_have_value("فردا")
    await page.keyboard.press("Tab")
    await field.focus()
    await page.keyboard.type("1405/09/07")
    await page.keyboard.press("Escape")
    await page.locator("input[name=amount]").first.focus()
    await expect(field).to_have_value("۱۴۰۵/۰۹/۰۷")
