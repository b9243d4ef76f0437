"""Writing a reply in a browser: it outlives the page and the session, and shows first what others wrote meanwhile."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from playwright.async_api import BrowserContext, Request

from desk.language import case_labels
from desk.language.language import Language
from desk.language.text import Locale
from tests.browser.conftest import another_window
from tests.browser.pages import Complaints, Member, Phone, no_axe_complaints
from tests.browser.patience import expect
from tests.browser.product import Product
from tests.browser.test_story import at_the_desk, at_the_phones, case_of

pytestmark = pytest.mark.browser

TEXT = "گزارش شما را خواندیم."
OTHERS = "پول را پس می‌دهند."


async def filed(phone: Phone) -> str:
    """File a complaint without more than its kind; its code."""
    await phone.choose("menu", "📣 Complain")
    await phone.press(phone.plain(case_labels.group("money")))
    await phone.hears(phone.words("subject", "What happened?"))
    await phone.press(phone.plain(case_labels.category("OVERCHARGE")))
    await phone.hears(phone.words("complain", "📍 Which office was it?"))
    await phone.choose("complain", "That is enough")
    await phone.choose("complain", "✅ Send it")
    return await phone.code(await phone.hears(phone.words("filed", "📣 **Your complaint is with us.**")))


def is_kept(request: Request, text: str) -> bool:
    """Whether this is the page that keeps just these words as a draft."""
    return request.url.endswith("/draft") and parse_qs(request.post_data or "").get("text") == [text]


async def in_its_case(member: Member, code: str) -> None:
    await member.open("/inbox")
    await case_of(member.page, code).locator("a").click()
    await expect(member.page.locator("#reply-text")).to_be_visible()


async def test_a_reply_outlives_the_page_and_the_session(
    window: BrowserContext, product: Product, language: Language, complaints: Complaints
) -> None:
    phone = await at_the_phones(window, product, look="telegram", locale=Locale.FA, language=language)
    code = await filed(phone)
    officer = await at_the_desk(window, product, username="admin", language=language)
    await in_its_case(officer, code)
    page = officer.page
    case = page.url

    async with page.expect_response(lambda answer: is_kept(answer.request, TEXT)):  # typed slowly, a part is kept first
        await page.locator("#reply-text").type(TEXT)
    await expect(page.locator("[data-draft-said]")).to_contain_text("پیش‌نویس نگه داشته شد")
    await page.goto(case)
    await expect(page.locator("#reply-text")).to_have_value(TEXT)
    # Another form of the page takes along what was typed a moment ago.
    await page.locator("#reply-text").press("End")
    await page.locator("#reply-text").type(" و")
    await page.locator("details.more summary").first.click()
    await page.locator("#note-text").fill("سابقه دارد.")
    await page.locator("#note-text").press("Control+Enter")
    await expect(page.locator(".entry-note")).to_contain_text("سابقه دارد.")
    await expect(page.locator("#reply-text")).to_have_value(f"{TEXT} و")

    complaints.meant.add(401)
    await page.context.clear_cookies()
    await page.locator("#reply-text").fill(f"{TEXT} فردا می‌آییم.")
    await expect(page.locator(".problem.fault")).to_be_visible()
    await page.locator("#reply-text").press("Control+Enter")
    await expect(page.locator("input[name=username]")).to_be_visible()
    await no_axe_complaints(page)
    await page.locator("input[name=username]").fill("admin")
    await page.locator("input[name=password]").fill(product.password)
    await page.locator("button[type=submit]").click()
    await expect(page.locator("input[name=code]")).to_be_visible()
    await officer.say_code("admin")
    await expect(page.locator("#reply-text")).to_have_value(f"{TEXT} فردا می‌آییم.")
    assert page.url == case


async def test_answered_since_it_was_opened_is_shown_before_it_is_sent(
    window: BrowserContext, product: Product, language: Language, complaints: Complaints
) -> None:
    phone = await at_the_phones(window, product, look="bale", locale=Locale.FA, language=language)
    code = await filed(phone)
    one = await at_the_desk(window, product, username="admin", language=language)
    await in_its_case(one, code)
    async with another_window(complaints) as elsewhere:
        other = await at_the_desk(elsewhere, product, username="admin", language=language)
        await in_its_case(other, code)
        await other.page.locator("#reply-text").fill(OTHERS)
        await other.page.locator("#reply-text").press("Control+Enter")
        await expect(other.page.locator(".entry-desk")).to_contain_text(OTHERS)

    complaints.meant.add(422)
    await one.page.locator("#reply-text").fill(TEXT)
    await one.page.locator("#reply button.btn-primary").click()
    await expect(one.page.locator(".entry-new.entry-desk")).to_contain_text(OTHERS)
    await expect(one.page.locator("#reply-text")).to_have_value(TEXT)
    await no_axe_complaints(one.page)
    await one.page.locator("#reply button.btn-primary").click()
    await expect(one.page.locator(".entry-desk", has_text=TEXT)).to_be_visible()
    await phone.hears(TEXT)
