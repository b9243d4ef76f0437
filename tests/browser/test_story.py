"""The whole story in a browser: what a person does on the phone reaches the desk, and what the desk does, the phone."""

from __future__ import annotations

import pytest
from playwright.async_api import BrowserContext, Locator, Page

from desk.language import case_labels, labels
from desk.language.language import Language
from desk.language.text import Locale
from tests.browser.pages import Member, Phone, no_axe_complaints
from tests.browser.patience import expect
from tests.browser.product import Product

pytestmark = pytest.mark.browser

both_phones = pytest.mark.parametrize(
    ("look", "locale"), [("telegram", Locale.FA), ("bale", Locale.FA_AF)], ids=["telegram", "bale in Dari"]
)
OFFICE = "72-1102"
NOT_KEPT = "The number itself is not kept, only its last four signs and a sealed mark."
REPLY = "گزارش شما را خواندیم. فردا به آن دفتر می‌رویم."
MORE = "رسید هم به من ندادند."


async def at_the_phones(
    window: BrowserContext, product: Product, *, look: str, locale: Locale, language: Language
) -> Phone:
    """A new person at the phone page, who has just come to the main page of the bot."""
    page = await window.new_page()
    await page.goto(product.phones)
    phone = Phone(page, look, locale, language)
    await phone.begin()
    return phone


async def at_the_desk(window: BrowserContext, product: Product, *, username: str, language: Language) -> Member:
    member = Member(await window.new_page(), product, language)
    await member.sign_in(username)
    return member


@both_phones
async def test_a_complaint_is_answered_and_followed(
    window: BrowserContext, product: Product, language: Language, look: str, locale: Locale
) -> None:
    phone = await at_the_phones(window, product, look=look, locale=locale, language=language)
    story = f"از من پول بیشتر خواستند. ({look})"
    code = await complain(phone, story)
    await no_axe_complaints(phone.page)

    officer = await at_the_desk(window, product, username="alborz", language=language)
    await officer.open("/inbox")
    await no_axe_complaints(officer.page)
    about = case_of(officer.page, code)
    await expect(about).to_contain_text(language.plain(case_labels.category("OVERCHARGE"), Locale.FA))
    await about.locator("a").click()
    await expect(officer.page.locator(".thread")).to_contain_text(story)
    await no_axe_complaints(officer.page)
    await officer.page.locator("#reply-text").fill(REPLY)
    await officer.page.locator("#reply button.btn-primary").click()
    told = officer.page.locator(".told").last
    await expect(told).to_contain_text(officer.words("wording", "Sent"))

    await phone.hears(REPLY)
    await phone.choose("case notice", "🔎 See it")
    await phone.hears(REPLY)
    await phone.choose("follow", "💬 Write more")
    await phone.hears(phone.words("follow", "What would you like to add?"))
    await phone.say(MORE)
    await phone.hears(phone.words("telling", "This will be sent:"))
    await phone.choose("telling", "✅ Send it")
    await phone.hears(phone.words("follow", "✅ It is added; the desk reads it."))
    await no_axe_complaints(phone.page)
    await officer.page.reload()
    await expect(officer.page.locator(".thread")).to_contain_text(MORE)


@both_phones
async def test_an_appointment_is_booked_and_recorded_at_the_counter(
    window: BrowserContext, product: Product, language: Language, look: str, locale: Locale
) -> None:
    phone = await at_the_phones(window, product, look=look, locale=locale, language=language)
    name = {"telegram": "گل‌آغا رحیمی", "bale": "زهرا حسینی"}[look]
    code = await book(phone, name, number={"telegram": "1234567891", "bale": "1234567892"}[look])
    await no_axe_complaints(phone.page)

    clerk = await at_the_desk(window, product, username="clerk1102", language=language)
    await clerk.open("/today")
    appointment = clerk.page.locator("li.appointment", has_text=name)
    await expect(appointment).to_contain_text(code[-3:].translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")))
    await no_axe_complaints(clerk.page)
    state = appointment.locator(".appointment-state")
    await appointment.locator("[data-key=arrive]").click()
    await expect(state).to_have_text(clerk.words("wording", "Here"))
    await appointment.locator("[data-key=undo]").click()
    await expect(appointment.locator("[data-key=arrive]")).to_be_visible()
    await appointment.locator("[data-key=arrive]").click()
    await expect(state).to_have_text(clerk.words("wording", "Here"))
    await appointment.locator("[data-key=served]").click()
    await expect(appointment.locator("[name=reference]")).to_be_focused()
    await no_axe_complaints(clerk.page)
    await clerk.page.keyboard.type("123456")
    await clerk.page.keyboard.press("Enter")
    await expect(state).to_have_text(clerk.words("wording", "Served"))
    await no_axe_complaints(clerk.page)
    await appointment.locator("[data-key=undo]").click()
    await expect(appointment.locator("[data-key=served]")).to_be_visible()
    await expect(state).to_have_text(clerk.words("wording", "Here"))
    await clerk.page.reload()
    await expect(state).to_have_text(clerk.words("wording", "Here"))


async def complain(phone: Phone, story: str) -> str:
    """File an overcharge complaint by buttons, a number and a story; its code."""
    await phone.choose("menu", "📣 Complain")
    await phone.press(phone.plain(case_labels.group("money")))
    await phone.hears(phone.words("subject", "What happened?"))
    await phone.press(phone.plain(case_labels.category("OVERCHARGE")))
    await phone.hears(phone.words("complain", "📍 Which office was it?"))
    await phone.say(OFFICE)
    await phone.press("دفتر پیشخوان یاس")
    await phone.hears(phone.words("complain", "📄 Which service was it?"))
    await phone.press("احراز هویت")
    await phone.hears(phone.words("complain", "🗓 On which day was it?"))
    await phone.say("دیروز")
    await phone.hears(phone.words("amount", "💰 How many toman did you pay?"))
    await phone.say("۵۰ هزار")
    await phone.hears(phone.words("facts", "💰 Did they give you a receipt?"))
    await phone.choose("facts", "I don't know")
    await phone.hears(phone.words("facts", "💰 How was it paid?"))
    await phone.choose("facts", "I don't know")
    await phone.hears(phone.words("complain", "What happened?"))
    await phone.say(story)
    await phone.choose("complain", "✅ Send it")
    return await phone.code(await phone.hears(phone.words("filed", "📣 **Your complaint is with us.**")))


async def book(phone: Phone, name: str, *, number: str) -> str:
    """Book the first free time at the office, for a new person; the code of the ticket."""
    await phone.choose("menu", "🗓 Turn")
    await phone.hears(phone.words("book", "A turn for which service?"))
    await phone.say("احراز هویت")
    await phone.hears(phone.words("office", "Which office is near you?"))
    await phone.say(OFFICE)
    await phone.choose("book", "✅ This is good")
    await phone.hears(phone.words("person", "Please write the name of the person, as it is on the paper."))
    await phone.say(name)
    await phone.hears(name)
    await phone.press(phone.plain(labels.document_kind("amayesh")))
    await phone.hears(phone.words("person", NOT_KEPT))
    await phone.say(number)
    await phone.choose("book", "✅ Book the turn")
    return await phone.code(await phone.hears(phone.words("ticket", "Code:")))


def case_of(page: Page, code: str) -> Locator:
    """The line of the inbox with this code."""
    shown = code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    return page.locator("li.case", has_text=shown)
