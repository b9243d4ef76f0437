"""A manager sets up a queue from nothing in a browser, and a person is offered its places in the chat."""

from __future__ import annotations

import re

import pytest

from desk.language.language import Language
from desk.language.text import Locale
from tests.browser.conftest import Premises
from tests.browser.pages import Member, Phone, no_axe_complaints
from tests.browser.patience import expect

pytestmark = pytest.mark.browser

SERVICE, OFFICE = "روادید و اقامت", "72-1102"
"""A service that the office does not give yet."""


async def test_a_queue_from_nothing_is_offered_in_the_chat(premises: Premises, language: Language) -> None:
    manager = Member(await premises.window.new_page(), premises.product, language)
    page = manager.page
    await manager.sign_in("manager1102")
    await manager.open("/capacity/queues")
    await page.locator("a", has_text=manager.words("capacity", "Make a queue")).click()
    await page.locator("[name=name_fa]").fill("روادید")
    await page.locator("label", has_text="تمدید روادید").locator("input").check()
    await page.locator("[name=name_fa]").press("Enter")
    await page.locator("a", has_text=manager.words("capacity", "Change the week")).click()

    # A Thursday evening by the keyboard alone, two counters, and the same on Fridays by the button of the day.
    await page.locator("[name=do][value=more-5]").press("Enter")
    await expect(page.locator("[name=d5r0-opens]")).to_be_focused()
    for name, typed in {"opens": "۱۶", "closes": "۱۷", "counters": "۲", "minutes": "۳۰"}.items():
        await page.locator(f"[name=d5r0-{name}]").fill(typed)
    await page.locator("#day-5 .week-copy summary").press("Enter")
    for weekday in range(7):
        if weekday != 5:
            await page.locator(f"[name=to5][value='{weekday}']").set_checked(weekday == 6)
    await page.locator("[name=do][value=copy-5]").press("Enter")
    await expect(page.locator("[name=d6r0-closes]")).to_have_value("۱۷")
    await no_axe_complaints(page)
    await page.locator("[name=d6r0-closes]").press("Enter")
    figures = page.locator(".week-outlook")
    await expect(figures).to_contain_text(manager.words("capacity", "{n} places a week", n=8))
    await expect(figures).to_contain_text("۳ روز دیگر")  # Monday to Thursday
    await no_axe_complaints(page)
    await page.locator("[name=do][value=save]").click()
    await page.wait_for_url(re.compile(r"/queues/\d+$"))

    phone = Phone(await premises.window.new_page(), "telegram", Locale.FA, language)
    await phone.page.goto(premises.product.phones)
    await phone.begin()
    await phone.choose("menu", "🗓 Turn")
    await phone.hears(phone.words("book", "A turn for which service?"))
    await phone.say(SERVICE)
    await phone.hears(phone.words("office", "Which office is near you?"))
    await phone.say(OFFICE)
    await phone.hears("پنجشنبه ۵ آذر")
