"""Outdated pages and repeated forms change nothing but what was meant."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.catalogue.models import ServiceFee, ServicePaper
from desk.offices.models import Office
from desk.storage.base import ReadSession, WriteSession
from tests.backoffice.conftest import Site
from tests.backoffice.sheets import sure
from tests.backoffice.test_capacity import MONDAY, booked_on_monday
from tests.backoffice.test_catalogue import FEE
from tests.makers import TODAY

CARD, PASSPORT = "اصل کارت آمایش", "اصل گذرنامه"


def papers(session: ReadSession) -> dict[str, int]:
    """The ids of the papers by their titles, in their order."""
    rows = session.scalars(select(ServicePaper).order_by(ServicePaper.position))
    return {row.title.to_mapping()["fa"]: row.id for row in rows}


def fees(session: ReadSession) -> list[tuple[int, str]]:
    """Amount and last day of every fee."""
    rows = session.execute(select(ServiceFee.amount_rial, ServiceFee.valid_to).order_by(ServiceFee.id))
    return [(rial, str(last)) for rial, last in rows]


async def test_a_removal_sent_twice_removes_one_paper(site: Site) -> None:
    browser = await site.signed_in("admin")
    base = f"/catalogue/{site.world.service}/papers"
    there = await site.storage.read(papers)

    page = (await browser.get(base)).text
    removal = {"how": "out", "was": CARD}
    answers = [await browser.post(f"{base}/{there[CARD]}/move", removal) for _ in range(2)]

    assert f'name="was" value="{CARD}"' in page
    assert [answer.status_code for answer in answers] == [303, 303]
    assert await site.storage.read(papers) == {PASSPORT: there[PASSPORT]}


async def test_a_stale_form_changes_no_other_paper_that_got_the_number(site: Site) -> None:
    browser = await site.signed_in("admin")
    base = f"/catalogue/{site.world.service}/papers"
    there = await site.storage.read(papers)
    last = there[PASSPORT]
    await browser.post(f"{base}/{last}/move", {"how": "out", "was": PASSPORT})
    await browser.post(f"{base}/0", {"title_fa": "رسید بانک"})  # on SQLite it gets the number of the passport
    now = await site.storage.read(papers)

    edit = await browser.post(f"{base}/{last}", {"title_fa": "اصل گذرنامهٔ معتبر", "was": PASSPORT})
    moved = await browser.post(f"{base}/{last}/move", {"how": "out", "was": PASSPORT})

    assert edit.status_code == 422
    assert 'value="اصل گذرنامهٔ معتبر"' in edit.text
    assert f'action="{base}/0"' in edit.text
    assert moved.status_code == 303
    assert await site.storage.read(papers) == now
    assert list(now) == [CARD, "رسید بانک"]


async def test_a_paper_is_changed_by_the_form_that_shows_it(site: Site) -> None:
    browser = await site.signed_in("admin")
    base = f"/catalogue/{site.world.service}/papers"
    there = await site.storage.read(papers)

    form = (await browser.get(f"{base}?paper={there[CARD]}")).text
    done = await browser.post(f"{base}/{there[CARD]}", {"title_fa": "کارت", "was": CARD})

    assert form.count(f'name="was" value="{CARD}"') == 2
    assert done.status_code == 303
    assert await site.storage.read(papers) == {"کارت": there[CARD], PASSPORT: there[PASSPORT]}


async def test_a_stale_step_comes_back_with_what_was_typed(site: Site) -> None:
    browser = await site.signed_in("admin")

    answer = await browser.post(f"/catalogue/{site.world.service}/steps/999", {"title_fa": "گام من", "was": "گام"})

    assert answer.status_code == 422
    assert 'value="گام من"' in answer.text


async def test_a_fee_in_force_is_neither_lost_nor_made_longer(site: Site) -> None:
    browser = await site.signed_in("admin")
    address = f"/catalogue/{site.world.service}/fees/{site.world.fee}/end"
    before = await site.storage.read(fees)

    lost = await browser.post(address, {"last_day": "۱۳۹۰/۰۱/۰۱", "sure": "1"})
    still = await site.storage.read(fees)
    await browser.post(address, {"last_day": "۱۴۰۵/۰۹/۳۰"})
    longer = await browser.post(address, {"last_day": "۱۴۰۵/۱۰/۰۱"})

    assert [lost.status_code, longer.status_code] == [422, 422]
    assert 'value="۱۴۰۵/۱۰/۰۱"' in longer.text
    assert before == still == [(270_000, "None")]
    assert await site.storage.read(fees) == [(270_000, "2026-12-21")]


async def test_a_fee_to_come_is_withdrawn_after_a_second_question(site: Site) -> None:
    browser = await site.signed_in("admin")
    address = f"/catalogue/{site.world.service}/fees"
    await browser.post(address, {name: typed for name, typed in FEE.items() if name != "is_confirmed"})
    unconfirmed = await site.storage.read(fees)

    def newest(session: ReadSession) -> int:
        return session.scalars(select(ServiceFee.id).order_by(ServiceFee.id.desc())).first() or 0

    ending = f"{address}/{await site.storage.read(newest)}/end"
    asked = await browser.post(ending, {"last_day": "۱۴۰۵/۰۹/۰۱"})
    there = await site.storage.read(fees)
    done = await browser.post(ending, {"last_day": "۱۴۰۵/۰۹/۰۱", "sure": "1"})

    assert unconfirmed == there == [(270_000, "None"), (300_000, "None")]
    assert [asked.status_code, done.status_code] == [200, 303]
    assert 'name="sure" value="1"' in asked.text
    assert await site.storage.read(fees) == [(270_000, "None")]


async def test_a_fee_that_cannot_be_confirmed_says_why(site: Site) -> None:
    browser = await site.signed_in("admin")

    def add_draft(session: WriteSession) -> int:
        service = session.get_one(ServiceFee, site.world.fee).service_id
        first = session.get_one(ServiceFee, site.world.fee).valid_from - timedelta(days=30)
        row = ServiceFee(
            service_id=service,
            amount_rial=1,
            valid_from=first,
            source=session.get_one(ServiceFee, site.world.fee).source,
            entered_at=site.clock.now(),
        )
        session.add(row)
        session.flush()
        return row.id

    draft = await site.storage.write(add_draft)
    answer = await browser.post(f"/catalogue/{site.world.service}/fees/{draft}/confirm")

    assert answer.status_code == 422
    assert "هزینهٔ دیگری ثبت شده" in answer.text


@pytest.mark.parametrize("amount", ["-7", "−۷۰۰۰", "7000-"])
async def test_a_fee_below_nothing_is_refused(site: Site, amount: str) -> None:
    browser = await site.signed_in("admin")

    answer = await browser.post(f"/catalogue/{site.world.service}/fees", {**FEE, "amount": amount})

    assert answer.status_code == 422
    assert "لطفاً مبلغ را به تومان بنویسید" in answer.text


async def test_a_reason_that_is_too_long_for_the_people_comes_back(site: Site) -> None:
    world = site.world
    browser = await site.signed_in("manager")

    def book(session: WriteSession) -> int:
        return booked_on_monday(session, world_queue=world.queue, service=world.service)

    appointment = await site.storage.write(book)
    day = {"day": "۱۴۰۵/۰۹/۰۲", "kind": "closed", "reason": "تعمیر"}
    address = f"/capacity/{world.office}/queues/{world.queue}/days"
    asked = await browser.post(address, day)
    answer = await browser.post(address, sure(day, asked, remedy="cancel", words="ب" * 201))

    def state(session: ReadSession) -> AppointmentState:
        return session.get_one(Appointment, appointment).state

    assert TODAY + timedelta(days=2) == MONDAY
    assert answer.status_code == 422
    assert "ب" * 201 in answer.text
    assert 'id="sheet_words-reasons"' in answer.text
    assert await site.storage.read(state) is AppointmentState.BOOKED


async def test_an_office_out_of_use_keeps_its_days_and_nobody_sees_another_in_its_place(site: Site) -> None:
    world = site.world
    manager, admin = await site.signed_in("manager"), await site.signed_in("admin")

    def switch_off(session: WriteSession) -> None:
        session.get_one(Office, world.office).is_active = False

    await site.storage.write(switch_off)
    day = await manager.get(f"/today?office={world.office}")
    listed = (await admin.get("/capacity")).text
    beyond = await manager.get(f"/today?office={world.other_office}")

    assert day.status_code == 200
    assert "دفتر پیشخوان گلشهر" in day.text
    assert f'<option value="{world.office}"' in listed
    assert f'<option value="{world.office}" selected' not in listed
    assert listed.index(f'<option value="{world.other_office}"') < listed.index(f'<option value="{world.office}"')
    assert beyond.status_code == 404
