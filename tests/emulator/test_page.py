"""The page with the two phones in a real browser: conversations by clicks, no complaint of console or axe."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from emulator import Emulator
from tests.browser.chromium import SHARED
from tests.browser.patience import PATIENCE, expect

pytestmark = pytest.mark.browser

_KEYS = {
    "inline_keyboard": [
        [{"text": "🗓 نوبت بگیرید", "callback_data": "book"}],
        [{"text": "هشدار", "callback_data": "alert"}],
    ]
}
_ASK = {"keyboard": [[{"text": "شماره", "request_contact": True}, {"text": "مکان", "request_location": True}]]}


class TinyBot:
    """Answers both messengers: keys on /start, an edit on a press, an alert, a reply keyboard on «شماره»."""

    def __init__(self, api: Any, *, html: bool) -> None:
        self.api = api
        self.html = html
        self.held: asyncio.Event | None = None

    async def run(self) -> None:
        offset = 0
        while True:
            for update in await self.api.updates(offset=offset, timeout=20):
                offset = update["update_id"] + 1
                await (self.pressed if "callback_query" in update else self.heard)(
                    next(iter(list(update.values())[1:]))
                )

    async def heard(self, message: dict[str, Any]) -> None:
        chat = message["chat"]["id"]
        text = message.get("text") or next(
            k for k in ("contact", "location", "voice", "photo", "document") if k in message
        )
        if text == "/start":
            words = "<b>سلام</b>\nکد: <code>482173051</code>" if self.html else "*سلام* دوست"
            await self.api("sendMessage", chat_id=chat, text=words, parse_mode="HTML", reply_markup=_KEYS)
        else:
            markup = _ASK if text == "کیبورد" else {"remove_keyboard": True}
            await self.api("sendMessage", chat_id=chat, text=f"شنیدم: {text}", reply_markup=markup)

    async def pressed(self, query: dict[str, Any]) -> None:
        if self.held:
            await self.held.wait()
        alert = query["data"] == "alert"
        text = "این یک هشدار است" if alert else ""
        await self.api("answerCallbackQuery", callback_query_id=query["id"], text=text, show_alert=alert)
        if not alert:
            where = {"chat_id": query["from"]["id"], "message_id": query["message"]["message_id"]}
            await self.api("editMessageText", **where, text="نوبت شما گرفته شد.")


@pytest.fixture
async def bots(telegram: Any, bale: Any) -> AsyncIterator[dict[str, TinyBot]]:
    bots = {"telegram": TinyBot(telegram, html=True), "bale": TinyBot(bale, html=False)}
    tasks = [asyncio.get_running_loop().create_task(bot.run()) for bot in bots.values()]
    yield bots
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def page(emulator: Emulator) -> AsyncIterator[Page]:
    complaints: list[str] = []
    chromium = await SHARED.browser()
    context = await chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    try:
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(emulator.url)
        await page.wait_for_selector(".start")
        yield page
    finally:
        await context.close()
    assert [c for c in complaints if "/font/" not in c and "404" not in c] == []


async def _no_axe_complaints(page: Page) -> None:
    results = await Axe().run(page)
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in results.response["violations"]] == []


@pytest.mark.parametrize("look", ["telegram", "bale"])
async def test_a_conversation_by_clicks(emulator: Emulator, bots: dict[str, TinyBot], page: Page, look: str) -> None:
    phone = page.locator(f".phone.{look}")
    await phone.locator(".start").click()
    await expect(phone.locator(".theirs .words strong")).to_have_text("سلام")
    held = bots[look].held = asyncio.Event()
    key = phone.locator(".key", has_text="نوبت بگیرید")
    await key.click()
    await expect(phone.locator(".key.waiting")).to_have_count(1)
    held.set()
    await expect(phone.locator(".theirs .words")).to_have_text("نوبت شما گرفته شد.")
    await expect(phone.locator(".key")).to_have_count(0)
    await phone.locator("textarea").fill("سلام، خوبید؟")
    await phone.locator("textarea").press("Enter")
    await expect(phone.locator(".theirs .words").last).to_have_text("شنیدم: سلام، خوبید؟")
    await expect(phone.locator(".mine .words").last).to_have_text("سلام، خوبید؟")
    await _no_axe_complaints(page)
    assert not emulator.violations


async def test_alerts_codes_and_the_other_looks(bots: dict[str, TinyBot], page: Page) -> None:
    phone = page.locator(".phone.telegram")
    await phone.locator(".start").click()
    await phone.locator(".copyable.code").click()
    await expect(phone.locator(".toast")).to_have_text("کپی شد")
    await phone.locator(".key", has_text="هشدار").click()
    await expect(page.locator("dialog.notice .sheet-text")).to_have_text("این یک هشدار است")
    await _no_axe_complaints(page)
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog.notice")).to_have_count(0)


async def test_number_place_photo_voice(emulator: Emulator, bots: dict[str, TinyBot], page: Page) -> None:
    phone = page.locator(".phone.bale")
    await phone.locator(".start").click()
    await phone.locator("textarea").fill("کیبورد")
    await phone.locator(".send").click()
    await phone.locator(".reply-keys .key", has_text="شماره").click()
    await phone.get_by_role("button", name="شماره را بفرست").click()
    await expect(phone.locator(".theirs .words").last).to_have_text("شنیدم: contact")
    await expect(phone.locator(".reply-keys")).to_be_hidden()
    for choice, heard in (("عکس نمونه", "photo"), ("فایل نمونه", "document")):
        await phone.locator(".tool[aria-label='پیوست']").click()
        await phone.get_by_role("button", name=choice).click()
        await expect(phone.locator(".theirs .words").last).to_have_text(f"شنیدم: {heard}")
    await phone.locator(".tool[aria-label='پیوست']").click()
    await phone.get_by_role("button", name="مکان").click()
    await phone.get_by_role("button", name="مشهد").click()
    await expect(phone.locator(".theirs .words").last).to_have_text("شنیدم: location")
    await phone.locator(".send").click()  # no microphone here: the sample tone is sent
    await expect(phone.locator(".theirs .words").last).to_have_text("شنیدم: voice")
    await expect(phone.locator(".mine .map")).to_have_count(1)
    await expect(phone.locator(".mine .voice")).to_have_count(1)
    await expect(phone.locator(".mine .photo")).to_have_js_property("complete", value=True)
    await _no_axe_complaints(page)
    assert not emulator.violations


async def test_new_people_blocking_and_the_lab(emulator: Emulator, bots: dict[str, TinyBot], page: Page) -> None:
    seat = page.locator(".seat", has=page.locator(".phone.telegram"))
    await seat.locator(".start").click()
    await expect(seat.locator(".theirs")).to_have_count(1)
    await seat.locator(".head-fresh").click()
    await expect(seat.locator(".theirs")).to_have_count(0)
    await expect(seat.locator("select option")).to_have_count(2)
    await seat.locator(".start").click()
    await seat.locator(".head-tool").click()
    await expect(seat.locator(".start")).to_have_text("باز کردن ربات")
    await page.locator("#open-lab").click()
    await page.locator(".switch", has_text="سرور خراب").locator("input").check()
    await expect(page.locator(".calls li").first).to_be_visible()
    while not emulator.faults.all():
        await asyncio.sleep(0.01)
    assert emulator.faults.all()[0].kind == "bad_gateway"
    await _no_axe_complaints(page)
    await page.get_by_role("button", name="همه را خاموش کن").click()
    while emulator.faults.all():
        await asyncio.sleep(0.01)


async def test_narrow_screens_have_tabs(bots: dict[str, TinyBot], page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 800})
    await expect(page.locator(".phone.telegram")).to_be_visible()
    await expect(page.locator(".phone.bale")).to_be_hidden()
    await page.get_by_role("tab", name="بله").click()
    await expect(page.locator(".phone.bale")).to_be_visible()
    await expect(page.locator(".phone.telegram")).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await _no_axe_complaints(page)


async def test_the_page_finds_its_way_when_the_emulator_forgot_its_people(
    emulator: Emulator, bots: dict[str, TinyBot], page: Page
) -> None:
    for person in emulator.people:
        emulator.world.profiles.pop((person.dialect, person.id))
    emulator._people.clear()
    for bot in emulator.world.bots.values():
        for chat in bot.chats.values():
            chat.signal.changed()
    await expect(page.locator(".phone.telegram .start")).to_be_visible()
    while len(emulator.people) < 2:
        await asyncio.sleep(0.01)
    await page.locator(".phone.telegram .start").click()
    await expect(page.locator(".phone.telegram .theirs")).to_have_count(1)
