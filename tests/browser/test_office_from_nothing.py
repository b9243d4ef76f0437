"""An administrator sets up an office from nothing in a browser, and a person books one of its places in the chat."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page

from desk.language import labels
from desk.language.language import Language
from desk.language.text import Locale
from tests.browser.conftest import Premises
from tests.browser.pages import Member, Phone, no_axe_complaints
from tests.browser.patience import expect

pytestmark = pytest.mark.browser

CODE, NAME = "72-4410", "دفتر پیشخوان چمران"
GIVEN = {
    "code": CODE,
    "city_fa": "کرج",
    "name_fa": NAME,
    "address_fa": "خیابان چمران، پلاک ۱۲",
}


async def test_an_office_from_nothing_is_booked_in_the_chat(premises: Premises, language: Language) -> None:
    admin = Member(await premises.window.new_page(), premises.product, language)
    await admin.sign_in("admin")
    await makes_an_office(admin)
    await makes_a_queue(admin)
    await opens_a_week(admin)
    await is_booked(await premises.window.new_page(), premises, language)


async def makes_an_office(admin: Member) -> None:
    page = admin.page
    await admin.open("/offices")
    await page.locator("a", has_text=admin.words("offices", "Make an office")).click()
    await expect(page.locator("[name=code]")).to_be_visible()
    await no_axe_complaints(page)
    for name, typed in GIVEN.items():
        await page.locator(f"[name={name}]").fill(typed)
    await page.locator("[name=province]").select_option("IR-30")
    await page.locator("[name=name_fa]").press("Enter")
    await expect(page.locator("h1")).to_contain_text(NAME)


async def makes_a_queue(admin: Member) -> None:
    page = admin.page
    await page.locator("a", has_text=admin.words("offices", "Queues and services")).click()
    await expect(page.locator("main")).to_contain_text(NAME)
    await no_axe_complaints(page)
    await page.locator("a", has_text=admin.words("capacity", "Make a queue")).first.click()
    await page.locator("[name=name_fa]").fill("احراز هویت")
    await page.locator("label", has_text="احراز هویت").locator("input").check()
    await page.locator("[name=name_fa]").press("Enter")


async def opens_a_week(admin: Member) -> None:
    page = admin.page
    await page.locator("a", has_text=admin.words("capacity", "Change the week")).click()
    await page.locator("[name=do][value=more-0]").press("Enter")
    for name, typed in {"opens": "۸", "closes": "۱۰", "counters": "۱", "minutes": "۲۰"}.items():
        await page.locator(f"[name=d0r0-{name}]").fill(typed)
    await page.locator("#day-0 .week-copy summary").press("Enter")
    for weekday in range(1, 7):
        await page.locator(f"[name=to0][value='{weekday}']").set_checked(True)
    await page.locator("[name=do][value=copy-0]").press("Enter")
    await expect(page.locator("[name=d6r0-closes]")).to_have_value("۱۰")
    await page.locator("[name=d6r0-closes]").press("Enter")
    await expect(page.locator(".week-outlook")).to_contain_text(admin.words("capacity", "{n} places a week", n=42))
    await page.locator("[name=do][value=save]").click()
    await page.wait_for_url(re.compile(r"/queues/\d+$"))


async def is_booked(page: Page, premises: Premises, language: Language) -> None:
    """A person who writes the code of the office sees its first free time, and has a ticket of it."""
    phone = Phone(page, "telegram", Locale.FA, language)
    await page.goto(premises.product.phones)
    await phone.begin()
    await phone.choose("menu", "🗓 Turn")
    await phone.hears(phone.words("book", "A turn for which service?"))
    await phone.say("احراز هویت")
    await phone.hears(phone.words("office", "Which office is near you?"))
    await phone.say(CODE)
    await phone.choose("book", "✅ This is good")
    await phone.hears(phone.words("person", "Please write the name of the person, as it is on the paper."))
    await phone.say("نوید صادقی")
    await phone.hears("نوید صادقی")
    await phone.press(phone.plain(labels.document_kind("amayesh")))
    await phone.hears(
        phone.words("person", "The number itself is not kept, only its last four signs and a sealed mark.")
    )
    await phone.say("60419931")
    await phone.choose("book", "✅ Book the turn")
    ticket = await phone.hears(phone.words("ticket", "Code:"))
    await expect(ticket).to_contain_text("چمران")
