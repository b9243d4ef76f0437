"""A holiday over six people in a browser: the sheet, what their phone hears, the live tally, and the last one told."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.async_api import Locator
from sqlalchemy import func, select

from backoffice.forms.days import shown_date
from desk.appointments.models import Appointment
from desk.capacity.models import Queue, QueueService, Slot
from desk.catalogue.models import Service
from desk.conversations.models import Conversation
from desk.language.language import Language
from desk.language.text import Locale
from desk.offices.models import Office
from desk.storage.base import ReadSession, WriteSession
from desk.storage.encryption import Keys
from desk.storage.engine import Storage
from desk.verify import verify
from mizban.keys import STORAGE, derive
from tests import makers
from tests.browser.conftest import Premises, another_window
from tests.browser.pages import Complaints, Member, Phone, no_axe_complaints
from tests.browser.patience import expect

pytestmark = pytest.mark.browser

NAMES = ("رحیم‌الله نظری", "گل‌بی‌بی احمدی", "نورالله حسینی", "زهرا محمدی", "شیرین‌گل احمدزی", "زلیخا نظری")
WHY = "روز تعطیل است."
FIRST = date(2026, 11, 30)


def keys_in(home: Path) -> Keys:
    """The keys of the installation in this folder."""
    return Keys(derive((home / "keys" / "secret.key").read_bytes().strip(), STORAGE))


def chats(session: ReadSession) -> set[int]:
    """The ids of all chats; they are drawn, so the greatest is not the newest."""
    return set(session.scalars(select(Conversation.id)))


def six_people(session: WriteSession, *, chat: int) -> date:
    """Four people of this chat, and two whom no chat knows, on a day when the office is open."""
    conversation = session.get_one(Conversation, chat)
    queue, service_id = session.execute(
        select(Queue, QueueService.service_id)
        .join(QueueService, QueueService.queue_id == Queue.id)
        .join(Office, Office.id == Queue.office_id)
        .where(Office.code == "72-1102", Queue.is_active)
        .order_by(Queue.id, QueueService.service_id)
        .limit(1)
    ).one()
    # A day on which nobody else has an appointment in the whole country: six are six.
    taken = select(Appointment.day).where(Appointment.is_live)
    day = session.scalars(
        select(Slot.day)
        .where(Slot.queue_id == queue.id, Slot.is_open, Slot.day >= FIRST, Slot.day.not_in(taken))
        .group_by(Slot.day)
        .having(func.count() >= len(NAMES))
        .order_by(Slot.day)
        .limit(1)
    ).one()
    slots = session.scalars(
        select(Slot).where(Slot.queue_id == queue.id, Slot.is_open, Slot.day == day).order_by(Slot.starts_at)
    ).all()
    service = session.get_one(Service, service_id)
    for place, name in enumerate(NAMES):
        makers.make_appointment(
            session,
            slot=slots[place],
            service=service,
            conversation=conversation if place < 4 else None,
            person_name=name,
        )
    return day


async def test_a_holiday_over_six_people_until_the_last_one_is_told(
    premises: Premises, complaints: Complaints, language: Language
) -> None:
    home, product, window = premises.home, premises.product, premises.window
    async with Storage(f"sqlite:///{home / 'mizban.sqlite3'}", keys=keys_in(home)) as storage:
        before = await storage.read(chats)
        phone = Phone(await window.new_page(), "telegram", Locale.FA, language)
        await phone.page.goto(product.phones)
        await phone.begin()
        (chat,) = await storage.read(chats) - before
        day = await storage.write(six_people, chat=chat)

    admin = Member(await window.new_page(), product, language)
    await admin.sign_in("admin")
    await admin.open("/capacity/holidays")
    form = admin.page.locator("form", has=admin.page.locator("[name=name_fa]"))
    await admin.page.locator("#holiday summary").click()
    await form.locator("[name=day]").fill(shown_date(day))
    await form.locator("[name=name_fa]").fill("تعطیل آزمون")
    await form.locator("[name=is_closed]").set_checked(True)
    await form.locator("[name=name_fa]").press("Enter")
    await expect(admin.page.locator("h1")).to_contain_text("تعطیل")
    await no_axe_complaints(admin.page)
    # How many they are at the office; who they are is told to nobody of the country.
    await expect(admin.page.locator(".list")).to_contain_text("۶")
    await expect(admin.page.locator(".list")).not_to_contain_text(NAMES[0])
    await admin.page.locator("[name=sheet_remedy]").select_option("move")
    await admin.page.locator("[name=sheet_words]").fill(WHY)
    await admin.page.locator("[name=sheet_sure]").click()
    await admin.page.wait_for_url(re.compile(r"/changes/\d+"))

    await phone.hears(WHY)
    await phone.press(phone.words("notice", "✅ I will come"))
    await phone.hears(phone.words("turns", "Thank you. We expect you:"))
    told = admin.page.locator(".figure", has_text=admin.words("wording", "Told"))
    await expect(told).to_contain_text("۴")  # by itself: nobody has opened the page again
    await expect(_not_reached(admin)).to_contain_text("۲")
    await no_axe_complaints(admin.page)

    async with another_window(complaints) as desk:
        manager = Member(await desk.new_page(), product, language)
        await manager.sign_in("manager1102")  # a far day: its names are the manager's
        await manager.open("/changes")
        for name in NAMES[4:]:
            await manager.page.locator("li.hit", has_text=name).locator("button[value=phone]").click()
            await expect(manager.page.locator("li.hit", has_text=name)).to_have_count(0)
    await admin.page.reload()
    await expect(told).to_contain_text("۶")
    await expect(_not_reached(admin)).to_contain_text("۰")
    async with Storage(f"sqlite:///{home / 'mizban.sqlite3'}", keys=keys_in(home)) as storage:
        assert await storage.read(verify) == []


def _not_reached(member: Member) -> Locator:
    return member.page.locator(".figure", has_text=member.words("wording", "Not reached"))
