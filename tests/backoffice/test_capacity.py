"""Hours, days that differ and holidays: what is changed shows at once, and nobody's turn is hit unseen."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, select

from desk.appointments.models import Appointment
from desk.appointments.rules import State
from desk.capacity.models import CapacityException, Holiday, OpeningRule, Slot
from desk.catalogue.models import Service
from desk.storage.base import ReadSession, WriteSession
from desk.verify import verify
from tests import makers
from tests.backoffice.conftest import House
from tests.makers import TODAY

pytestmark = pytest.mark.sqlite  # the story runs on both databases below

MONDAY = TODAY + timedelta(days=2)
HOURS: dict[str, str | list[str]] = {
    "weekdays": ["5"],
    "opens": "۸:۳۰",
    "closes": "۱۲",
    "counters": "۳",
    "minutes_per_person": "۲۰",
    "valid_from": "۱۴۰۵/۰۸/۳۰",
    "valid_to": "",
}


def booked_on_monday(session: WriteSession, *, world_queue: int, service: int) -> int:
    """A turn on the coming Monday at 9:00."""
    slot = session.scalars(
        select(Slot).where(Slot.queue_id == world_queue, Slot.starts_at == makers.at(MONDAY, hour=9))
    ).one()
    turn = makers.make_appointment(
        session,
        slot=slot,
        service=session.get_one(Service, service),
        conversation=makers.make_conversation(session),
        person_name="رحیم‌الله نظری",
    )
    return turn.id


def sheet_of(answer: httpx.Response) -> dict[str, str]:
    """The hidden fields by which a consequences sheet knows whom it showed."""
    found = dict(re.findall(r'name="(sheet_(?:hit|key))" value="([^"]*)"', answer.text))
    assert found.keys() == {"sheet_hit", "sheet_key"}
    return found


async def test_hours_are_written_in_persian_digits_and_fill_the_days(house: House) -> None:
    browser = await house.signed_in("manager")
    address = f"/capacity/{house.world.office}/queues/{house.world.queue}"

    answer = await browser.post(f"{address}/rules", HOURS)
    page = (await browser.get(address)).text

    def places(session: ReadSession) -> int | None:
        thursday = TODAY + timedelta(days=5)
        return session.scalar(
            select(func.sum(Slot.capacity)).where(Slot.queue_id == house.world.queue, Slot.day == thursday)
        )

    assert answer.status_code == 303
    assert "از ۸:۳۰ تا ۱۲:۰۰" in page.replace("\u2066", "").replace("\u2069", "").replace("\u2068", "")
    assert await house.storage.read(places) == 10 * 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"weekdays": []}, "لطفاً دست‌کم یکی را انتخاب کنید"),
        ({"opens": "صبح"}, "لطفاً ساعت را مانند ۸:۳۰ بنویسید"),
        ({"closes": "7"}, "آغاز کار پیش از پایان کار است"),
        ({"counters": "0"}, "لطفاً عددی از ۱ تا ۲۰۰ بنویسید"),
        ({"minutes_per_person": "300"}, "زمان یک نفر از ساعت کار دفتر بیشتر است"),
        ({"valid_to": "1405/08/01"}, "روز پایان پیش از روز آغاز است"),
        ({"valid_from": "1405/13/01"}, "لطفاً روز را مانند ۱۴۰۵/۰۸/۳۰ بنویسید"),
    ],
)
async def test_hours_that_do_not_fit_come_back_with_the_reason(
    house: House, change: dict[str, str | list[str]], said: str
) -> None:
    browser = await house.signed_in("manager")

    answer = await browser.post(f"/capacity/{house.world.office}/queues/{house.world.queue}/rules", {**HOURS, **change})

    assert answer.status_code == 422
    assert said in answer.text
    assert "چند خانه به نگاهی دوباره نیاز دارد" in answer.text


async def test_a_rule_is_changed_and_taken_out(house: House) -> None:
    browser = await house.signed_in("manager")
    world = house.world
    address = f"/capacity/{world.office}/queues/{world.queue}/rules/{world.rule}"

    form = (await browser.get(address)).text
    changed = await browser.post(address, {**HOURS, "weekdays": ["0"], "counters": "4"})
    again = (await browser.get(address)).text
    deleted = await browser.post(f"{address}/delete")

    def left(session: ReadSession) -> int | None:
        return session.scalar(select(func.count()).where(OpeningRule.id == world.rule))

    assert 'value="۰۸:۰۰"' in form
    assert 'value="۴"' in again
    assert [changed.status_code, deleted.status_code] == [303, 303]
    assert await house.storage.read(left) == 0


async def test_a_day_without_turns_is_closed_at_once(house: House) -> None:
    browser = await house.signed_in("manager")
    address = f"/capacity/{house.world.office}/queues/{house.world.queue}/days"

    answer = await browser.post(address, {"day": "۱۴۰۵/۰۹/۰۳", "kind": "closed", "reason": "تعمیر برق"})
    grid = (await browser.get("/capacity")).text
    cleared = await browser.post(f"{address}/clear", {"day": "2026-11-24"})

    assert [answer.status_code, cleared.status_code] == [303, 303]
    assert "تعمیر برق" in grid
    assert "تعمیر برق" not in (await browser.get("/capacity")).text


async def test_whose_turns_are_hit_is_shown_before_anything_changes(house: House) -> None:
    turn = await house.storage.write(booked_on_monday, world_queue=house.world.queue, service=house.world.service)
    browser = await house.signed_in("manager")
    address = f"/capacity/{house.world.office}/queues/{house.world.queue}/days"
    form = {"day": "1405/09/02", "kind": "closed", "opens": "", "closes": "", "counters": "", "reason": "تعمیر برق"}

    def exceptions(session: ReadSession) -> int | None:
        return session.scalar(select(func.count()).select_from(CapacityException))

    def state(session: ReadSession) -> State:
        return session.scalars(select(Appointment.state).where(Appointment.id == turn)).one()

    asked = await browser.post(address, form)
    before = await house.storage.read(exceptions)
    sheet = {**form, **sheet_of(asked), "sheet_sure": "1", "sheet_remedy": "cancel"}
    without_words = await browser.post(address, {**sheet, "sheet_words": ""})
    still = await house.storage.read(exceptions)
    done = await browser.post(address, {**sheet, "sheet_words": "برق دفتر قطع است."})

    assert asked.status_code == 200
    assert "رحیم‌الله نظری" in asked.text
    assert "هنوز چیزی تغییر نکرده است" in asked.text
    assert without_words.status_code == 422
    assert "لطفاً به مردم بگویید چرا" in without_words.text
    assert [before, still, await house.storage.read(exceptions)] == [0, 0, 1]
    assert done.status_code == 303
    assert await house.storage.read(state) is State.CANCELLED_BY_OFFICE
    assert await house.storage.read(verify) == []


async def test_turns_may_stay_when_the_office_sees_to_them(house: House) -> None:
    turn = await house.storage.write(booked_on_monday, world_queue=house.world.queue, service=house.world.service)
    browser = await house.signed_in("manager")
    address = f"/capacity/{house.world.office}/queues/{house.world.queue}/days"
    form = {"day": "1405/09/02", "kind": "hours", "opens": "10", "closes": "12", "counters": "", "reason": "جلسه"}

    asked = await browser.post(address, form)
    await browser.post(address, {**form, **sheet_of(asked), "sheet_sure": "1", "sheet_remedy": "keep"})

    def state(session: ReadSession) -> State:
        return session.scalars(select(Appointment.state).where(Appointment.id == turn)).one()

    assert await house.storage.read(state) is State.BOOKED


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"opens": "", "closes": ""}, "لطفاً ساعت‌ها یا شمار باجه‌های این روز را بنویسید"),
        ({"opens": "9", "closes": ""}, "لطفاً این‌جا را پر کنید"),
        ({"opens": "12", "closes": "9"}, "این ساعت‌ها با هم جور نیستند"),
        ({"reason": ""}, "لطفاً این‌جا را پر کنید"),
    ],
)
async def test_a_day_that_does_not_fit_comes_back(house: House, change: dict[str, str], said: str) -> None:
    browser = await house.signed_in("manager")
    form = {"day": "1405/09/02", "kind": "hours", "opens": "10", "closes": "12", "counters": "", "reason": "جلسه"}

    answer = await browser.post(f"/capacity/{house.world.office}/queues/{house.world.queue}/days", {**form, **change})

    assert answer.status_code == 422
    assert said in answer.text


async def test_a_queue_is_made_with_its_services(house: House) -> None:
    browser = await house.signed_in("manager")
    form: dict[str, str | list[str]] = {"name_fa": "باجهٔ دوم", "services": [str(house.world.service)], "is_active": "1"}

    made = await browser.post(f"/capacity/{house.world.office}/queues/new", form)
    empty = await browser.post(f"/capacity/{house.world.office}/queues/new", {"name_fa": "باجهٔ سوم"})
    listed = (await browser.get("/capacity/queues")).text

    assert made.status_code == 303
    assert empty.status_code == 422
    assert "باجهٔ دوم" in listed


async def test_an_estimated_holiday_is_confirmed(house: House) -> None:
    browser = await house.signed_in("admin")
    page = (await browser.get("/capacity/holidays?day=2026-12-01")).text
    form = {"day": "۱۴۰۵/۰۹/۱۰", "name_fa": "تعطیل رسمی آزمون", "is_confirmed": "1", "is_closed": "1"}

    answer = await browser.post("/capacity/holidays", form)

    def confirmed(session: ReadSession) -> list[bool]:
        return list(session.scalars(select(Holiday.is_confirmed)))

    assert "تخمینی" in page
    assert 'value="۱۴۰۵/۰۹/۱۰"' in page
    assert answer.status_code == 303
    assert await house.storage.read(confirmed) == [True]
