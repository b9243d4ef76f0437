"""Takes the two pictures of the README from a really running demonstration: `python -m scripts.take_pictures`."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from desk.capacity.rules import TIME_TO_COME
from desk.language import labels
from desk.language.language import Language
from desk.language.text import Locale
from emulator.remote import RemoteEmulator, RemotePerson
from tests.browser.chromium import FLAGS
from tests.browser.chromium import PATH as CHROMIUM
from tests.browser.pages import Member, Phone
from tests.browser.patience import expect
from tests.browser.product import Product, running_product  # noqa: TID251  # no test: its pages are heard by nobody
from tests.browser.test_story import OFFICE, book
from tests.browser.visitors import AT_THE_PHONE, FIRST, IDENTITY_CHECK, TEHRAN, VISITORS

PICTURES = Path(__file__).resolve().parents[1] / "docs/pictures"
SMALL = 400 * 1024
"""Bytes of a picture; a README has to open fast."""
MORNING = "2026-11-23T07:52:00+03:30"


async def main() -> None:
    """Both pictures, in `docs/pictures/`."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running_product(Path(folder) / "home", at=MORNING) as product:
        language = Language.load()
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            await the_phones(await _window(browser, height=960), product, language)
            await a_full_morning(product, language)
            await the_desk(await _window(browser, height=800), product, language)
            await browser.close()


async def the_phones(window: BrowserContext, product: Product, language: Language) -> None:
    """A ticket in Persian on Telegram beside a Dari chat on Bale that chooses its time."""
    page = await window.new_page()
    await page.clock.set_fixed_time(MORNING)  # what the phones show above
    await page.goto(product.phones)
    telegram = Phone(page, "telegram", Locale.FA, language)
    await telegram.begin()
    name, number = AT_THE_PHONE
    await book(telegram, name, number=number)
    bale = Phone(page, "bale", Locale.FA_AF, language)
    await bale.begin()
    await bale.choose("menu", "🗓 Turn")
    await bale.hears(bale.words("book", "A turn for which service?"))
    await bale.press(IDENTITY_CHECK)
    await bale.hears(bale.words("office", "Which office is near you?"))
    await bale.press(TEHRAN)
    minutes = TIME_TO_COME // timedelta(minutes=1)  # the office opens in less
    await bale.hears(bale.words("book", "The first free time after {minutes} minutes:", minutes=minutes))
    await telegram.screen.locator(".theirs .photo").evaluate("one => one.scrollIntoView({block: 'start'})")
    await _shot(page, "phones.png")


async def a_full_morning(product: Product, language: Language) -> None:
    """More people book, each on a phone of their own, as everybody does: by chat."""
    async with RemoteEmulator(product.phones.rstrip("/")) as remote:
        for place, (name, paper, number) in enumerate(VISITORS):
            person = await remote.person(("telegram", "bale")[place % 2], first_name=name.split()[0])
            await _book(person, language, name=name, paper=paper, number=number)


async def _book(person: RemotePerson, language: Language, *, name: str, paper: str, number: str) -> None:
    for answer in (f"/start o_{OFFICE}", FIRST, FIRST, IDENTITY_CHECK, FIRST, name):
        await person.ask(answer)
    kinds = (labels.document_kind(paper), Locale.FA)
    for answer in (language.plain(*kinds), number, FIRST):
        await person.ask(answer)


async def the_desk(window: BrowserContext, product: Product, language: Language) -> None:
    """The day's list of an office in the middle of its morning."""
    clerk = Member(await window.new_page(), product, language)
    await clerk.sign_in("clerk1102")
    await clerk.open("/today")
    for place, keys in enumerate((("arrive", "served"), ("arrive", "served"), ("arrive",), ("absent",), ("arrive",))):
        row = clerk.page.locator("li.appointment").nth(place)
        for key in keys:
            state = row.locator(".appointment-state")
            before = await state.text_content() or ""
            await row.locator(f"[data-key={key}]").click()
            if key == "served":  # with its record
                await row.locator("[name=reference]").fill("123456")
                await row.locator("[name=reference]").press("Enter")
            if key == "absent":  # before the hour, which is asked back
                await row.locator("[value='absent:sure']").click()
            await expect(state).not_to_have_text(before)
    await clerk.page.reload()
    await _shot(clerk.page, "desk.png")


async def _window(browser: Browser, *, height: int) -> BrowserContext:
    return await browser.new_context(
        viewport={"width": 1280, "height": height},
        locale="fa-IR",
        timezone_id="Asia/Tehran",
        reduced_motion="reduce",
    )


async def _shot(page: Page, name: str) -> None:
    await page.evaluate("document.fonts.ready")
    await page.wait_for_timeout(800)  # bubbles slide in
    path = PICTURES / name
    await page.screenshot(path=path)
    size = path.stat().st_size
    if size > SMALL:
        raise SystemExit(f"{name} has {size} bytes, more than {SMALL}")


if __name__ == "__main__":
    asyncio.run(main())
