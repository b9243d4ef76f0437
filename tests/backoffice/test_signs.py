"""The directorate sees which chats show signs, without learning who they are, and what a person does about it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from desk.appointments.models import Appointment
from desk.conversations.models import ChatAllowance
from desk.events.models import Event
from desk.signs.actions import examine
from desk.signs.models import ChatWithSigns, Sign
from desk.storage.base import ReadSession, WriteSession
from tests import makers
from tests.backoffice.conftest import Site
from tests.makers import NOW
from tests.makers_signs import FIRST, LAST, Broker

pytestmark = pytest.mark.sqlite

CHAT = 482_173
SHOWN = "۴۸۲۱۷۳"


def plain(page: str) -> str:
    """The page without tags and signs that nobody sees."""
    return re.sub(r"[\u2066-\u2069]", "", re.sub(r"<[^>]+>", "", page))


async def events(site: Site) -> list[tuple[str, str, list[str], str | None]]:
    await site.written_down()

    def read(session: ReadSession) -> list[tuple[str, str, list[str], str | None]]:
        rows = session.scalars(select(Event).where(Event.kind.like("signs.%")).order_by(Event.id))
        return [(row.kind, row.subject, row.others, row.province_code) for row in rows]

    return await site.storage.read(read)


async def test_the_list_says_what_was_seen_and_not_who(site: Site) -> None:
    def a_broker(session: WriteSession) -> int:
        chat = Broker(session, makers.make_service(session)).takes().sells_on().chat
        examine(session, id=chat.id, now=NOW)
        return session.scalars(select(ChatWithSigns.id).where(ChatWithSigns.conversation_id == chat.id)).one()

    number = await site.storage.write(a_broker)
    browser = await site.signed_in("province")
    listed = (await browser.get("/signs")).text
    opened = (await browser.get(f"/signs/{number}")).text

    assert listed.index(f"/signs/{number}") < listed.index(f"/signs/{CHAT}"), "the stronger one stands first"
    assert "دفترهای زیاد" in listed
    assert "در سی روز در ۶ دفتر نوبت گرفته است" in plain(opened)
    assert "شاید کسی است که به همسایه‌ها کمک می‌کند" in opened
    assert opened.count("<li") > 16
    everybody = [f"{first} {last}" for first in FIRST for last in LAST]

    def codes(session: ReadSession) -> list[str]:
        return list(session.scalars(select(Appointment.code)))

    for page in (listed, opened):
        assert not [name for name in everybody if name in page]
        assert not [code for code in await site.storage.read(codes) if code in page]


async def test_opening_a_chat_is_written_down_without_tying_its_turns_together(site: Site) -> None:
    browser = await site.signed_in("province")
    await browser.get(f"/signs/{CHAT}")
    assert await events(site) == [("signs.read", f"chat_signs:{CHAT}", [], None)]
    history = plain((await (await site.signed_in("admin")).get("/history?kind=signs.read")).text)
    assert f"نوبت‌های گفتگوی {SHOWN}" in history


async def test_a_list_with_nothing_in_it_says_so(site: Site) -> None:
    def nothing(session: WriteSession) -> None:
        session.execute(delete(Sign))
        session.execute(delete(ChatWithSigns))

    await site.storage.write(nothing)
    browser = await site.signed_in("admin")
    assert "چیزی به چشم نمی‌آید" in (await browser.get("/signs")).text
    assert "هنوز چیزی بررسی نشده است" in (await browser.get("/signs?looked=1")).text
    assert (await browser.get(f"/signs/{CHAT}")).status_code == 404


async def test_a_long_list_goes_on_page_by_page(site: Site) -> None:
    def many(session: WriteSession) -> None:
        for number in range(30):
            chat = makers.make_conversation(session)
            session.add(ChatWithSigns(id=200_000 + number, conversation_id=chat.id))
            session.flush()
            for kind in ("people", "offices"):
                session.add(
                    Sign(chat_id=200_000 + number, kind=kind, times=9, strength=1, since=makers.TODAY, seen_at=NOW)
                )

    await site.storage.write(many)
    browser = await site.signed_in("admin")
    first, second = [(await browser.get(f"/signs?page={page}")).text for page in (1, 2)]
    assert [len(re.findall(r'href="/signs/\d', page)) for page in (first, second)] == [25, 7]


async def test_who_finds_nothing_wrong_is_named_and_the_chat_comes_back_with_a_new_sign(site: Site) -> None:
    browser = await site.signed_in("province")
    empty = await browser.post(f"/signs/{CHAT}/looked", {"judgement": ""})
    assert empty.status_code == 422
    await browser.post(f"/signs/{CHAT}/looked", {"judgement": "helper"})

    assert f"/signs/{CHAT}" not in (await browser.get("/signs")).text
    looked = (await browser.get("/signs?looked=1")).text
    assert f"/signs/{CHAT}" in looked
    assert "حسین مرادی" in looked
    assert "به چشم" not in looked, "what was looked at does not stand out any more"
    assert "اشکالی ندارد؟" not in (await browser.get(f"/signs/{CHAT}")).text, "it is asked again when a sign is new"
    assert ("signs.looked_at", f"chat_signs:{CHAT}", [], "IR-30") in await events(site)

    def a_new_one(session: WriteSession) -> None:
        session.add(Sign(chat_id=CHAT, kind="fallen", times=2, strength=2, since=makers.TODAY, seen_at=NOW))

    await site.storage.write(a_new_one)
    assert f"/signs/{CHAT}" in (await browser.get("/signs")).text


async def test_a_limit_is_set_by_a_person_and_ended_by_one(site: Site) -> None:
    browser = await site.signed_in("admin")
    wrong = await browser.post(f"/signs/{CHAT}/limit", {"kind": "live_appointments", "most": "0", "reason": "signs"})
    assert wrong.status_code == 422
    assert "چیزی به چشم" not in wrong.text
    await browser.post(f"/signs/{CHAT}/limit", {"kind": "live_appointments", "most": "2", "reason": "signs"})

    def limits(session: ReadSession) -> list[tuple[int, timedelta]]:
        return [(row.most, row.ends_at - NOW) for row in session.scalars(select(ChatAllowance))]

    assert await site.storage.read(limits) == [(2, timedelta(days=30))]
    assert "بازگشت به حد همیشگی" in (await browser.get(f"/signs/{CHAT}")).text
    await browser.post(f"/signs/{CHAT}/usual", {"kind": "live_appointments"})
    assert await site.storage.read(limits) == []
    kinds = [kind for kind, *_ in await events(site)]
    assert kinds.index("signs.limit") < kinds.index("signs.as_usual")


async def test_at_the_counter_nobody_learns_that_there_are_signs(site: Site) -> None:
    for who in ("clerk", "officer", "manager"):
        browser = await site.signed_in(who)
        assert "/signs" not in (await browser.get("/account")).text
        assert (await browser.get("/signs")).status_code == 403
