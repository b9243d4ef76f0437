"""Messages that did not arrive are shown to the country's administrator, with the reason and a link to the subject."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from sqlalchemy import select, update

from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentNotice
from desk.conversations import actions as conversations
from desk.conversations.models import UpdateOutcome
from desk.outbox import actions as outbox
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import NoticeKind
from desk.storage.base import ReadSession, WriteSession
from tests.backoffice.conftest import Site
from tests.makers import NOW
from tests.makers_chats import recipient


def give_up(session: WriteSession, *, about: str, notice: str, reason: str) -> int:
    """A message that a messenger refused for good; its id."""
    outbox.enqueue(
        session,
        idem_key=about,
        to=recipient(session, "bale", "222", "77"),
        notice=cast(NoticeKind, notice),
        params={},
        about=about,
        due_at=NOW,
        now=NOW,
    )
    message = session.scalars(select(OutboxMessage.id).where(OutboxMessage.idem_key == about)).one()
    outbox.mark_dead(session, id=message, reason=reason)
    return message


def send_everything(session: WriteSession) -> None:
    """As if every message had arrived."""
    session.execute(update(OutboxMessage).values(state="sent", is_open=False))


def code_of(session: ReadSession, *, appointment: int) -> str:
    return session.scalars(select(Appointment.code).where(Appointment.id == appointment)).one()


async def test_nothing_undelivered_is_said_so(site: Site) -> None:
    await site.storage.write(send_everything)
    browser = await site.signed_in("admin")

    text = (await browser.get("/undelivered")).text

    assert "همهٔ پیام‌ها رسیده است" in text
    assert "کنار گذاشته" not in text
    assert "منتظر" not in text


async def test_what_was_refused_stands_there_with_its_reason(site: Site) -> None:
    appointment = site.world.appointments[0]
    await site.storage.write(send_everything)
    ticket = await site.storage.write(give_up, about=f"appointment:{appointment}", notice="ticket", reason="blocked")
    reply = await site.storage.write(
        give_up, about=f"entry:{site.world.voice_entry}", notice="case_reply", reason="400 CHAT_RESTRICTED"
    )
    gone = await site.storage.write(give_up, about="entry:999999", notice="case_reply", reason="blocked")
    service = f"service:{site.world.service}"
    news = await site.storage.write(give_up, about=service, notice="announced", reason="blocked")
    browser = await site.signed_in("admin")

    text = (await browser.get("/undelivered")).text
    to_appointment = await browser.get(f"/undelivered/{ticket}")
    to_case = await browser.get(f"/undelivered/{reply}")
    to_nothing = await browser.get(f"/undelivered/{gone}")
    to_service = await browser.get(f"/undelivered/{news}")

    for each in ("برگهٔ نوبت", "متقاضی ربات را مسدود کرده است", "CHAT_RESTRICTED", "بله"):
        assert each in text
    assert to_appointment.status_code == to_case.status_code == 303
    assert (
        await site.storage.read(code_of, appointment=appointment)
        in (await browser.get(to_appointment.headers["location"])).text
    )
    assert (await browser.get(to_case.headers["location"])).status_code == 200
    assert to_service.headers["location"] == f"/catalogue/{site.world.service}"
    assert to_nothing.status_code == 404


async def test_what_waits_too_long_is_an_alarm(site: Site) -> None:
    await site.storage.write(send_everything)
    to = await site.storage.write(recipient, "bale", "222", "77")
    await site.storage.write(
        outbox.enqueue, idem_key="late", to=to, notice=AppointmentNotice.TICKET, params={}, due_at=NOW, now=NOW
    )
    await site.storage.write(
        outbox.enqueue,
        idem_key="far",
        to=to,
        notice=AppointmentNotice.REMINDER,
        params={},
        due_at=NOW + timedelta(days=9),
        now=NOW,
    )
    browser = await site.signed_in("admin")

    calm = (await browser.get("/undelivered")).text
    site.clock.move(timedelta(minutes=6))
    alarm = (await browser.get("/undelivered")).text

    assert "۱ پیام در راه است" in calm
    assert 'role="alert"' not in calm
    assert 'role="alert"' in alarm
    assert "۱ پیام منتظر است" in alarm


async def test_what_was_set_aside_is_shown(site: Site) -> None:
    await site.storage.write(
        conversations.note_update, channel="telegram", bot="111", update_id="5", outcome=UpdateOutcome.PARKED,
        reason="message.chat: missing", now=NOW,
    )  # fmt: skip
    browser = await site.signed_in("admin")

    text = (await browser.get("/undelivered")).text

    assert "message.chat: missing" in text
    assert "کنار گذاشته" in text


async def test_only_the_country_sees_it(site: Site) -> None:
    message = await site.storage.write(give_up, about="entry:1", notice="case_reply", reason="blocked")
    for username in ("clerk", "officer", "manager", "province"):
        browser = await site.signed_in(username)
        assert (await browser.get("/undelivered")).status_code == 403
        assert (await browser.get(f"/undelivered/{message}")).status_code == 403
        assert "/undelivered" not in (await browser.get("/account")).text
