"""Hours, days that differ and holidays: a change shows at once, and no appointment is affected without a decision."""

from __future__ import annotations

import re
from datetime import date, timedelta

import httpx
import pytest
from sqlalchemy import func, select

from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.capacity import queries
from desk.capacity.models import CapacityException, Holiday, OpeningRule, Queue, Slot
from desk.catalogue.models import Service
from desk.storage.base import ReadSession, WriteSession
from desk.verify import verify
from tests import makers, makers_hours
from tests.backoffice.conftest import Site
from tests.makers import TODAY

pytestmark = pytest.mark.sqlite  # the story runs on both databases below

MONDAY = TODAY + timedelta(days=2)


def bare(text: str) -> str:
    """The text without direction marks."""
    return text.translate(dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069")))


def booked_on_monday(session: WriteSession, *, world_queue: int, service: int) -> int:
    """An appointment on the coming Monday at 9:00."""
    slot = session.scalars(
        select(Slot).where(Slot.queue_id == world_queue, Slot.starts_at == makers.at(MONDAY, hour=9))
    ).one()
    appointment = makers.make_appointment(
        session,
        slot=slot,
        service=session.get_one(Service, service),
        conversation=makers.make_conversation(session),
        person_name="رحیم‌الله نظری",
    )
    return appointment.id


def sheet_of(answer: httpx.Response) -> dict[str, str]:
    """The hidden fields by which a consequences sheet knows whom it showed."""
    found = dict(re.findall(r'name="(sheet_(?:hit|key))" value="([^"]*)"', answer.text))
    assert found.keys() == {"sheet_hit", "sheet_key"}
    return found


async def test_the_old_addresses_of_single_hours_lead_to_the_week_that_holds_them(site: Site) -> None:
    browser, world = await site.signed_in("manager"), site.world
    queue = f"/capacity/{world.office}/queues/{world.queue}"
    later = TODAY + timedelta(days=30)

    def plan(session: WriteSession) -> int:
        rule = session.get_one(OpeningRule, world.rule)
        queue_row = session.get_one(Queue, world.queue)
        planned: OpeningRule = makers_hours.make_rule(session, queue=queue_row, weekday=rule.weekday)
        planned.valid_from, rule.valid_to = later, later - timedelta(days=1)
        session.flush()
        return planned.id

    planned = await site.storage.write(plan)
    led = {
        path: (await browser.get(f"{queue}/{path}")).headers["location"]
        for path in ("rules", f"rules/{world.rule}", f"rules/{planned}", "rules/999999")
    }

    assert led == {
        "rules": f"{queue}/week",
        f"rules/{world.rule}": f"{queue}/week?from={TODAY.isoformat()}",
        f"rules/{planned}": f"{queue}/week?from={later.isoformat()}",
        "rules/999999": f"{queue}/week",
    }
    page = (await browser.get(queue)).text
    assert f'href="{queue}/week?from={later.isoformat()}"' in page
    assert "/rules" not in page
    assert (await browser.get(led[f"rules/{planned}"])).status_code == 200


async def test_a_day_that_is_hardly_meant_is_asked_back(site: Site) -> None:
    browser = await site.signed_in("manager")
    address = f"/capacity/{site.world.office}/queues/{site.world.queue}/days"
    slip = {"day": "1405/09/02", "kind": "hours", "opens": "8", "closes": "14", "counters": "190", "reason": "جلسه"}

    asked = await browser.post(address, slip)
    meant = await browser.post(address, {**slip, "is_meant": "1"})

    assert asked.status_code == 422
    assert "جا در این روز هست. همین منظور شماست؟" in asked.text
    assert meant.status_code == 303


@pytest.mark.requirement("000-13", "S")
async def test_a_day_without_appointments_is_closed_at_once(site: Site) -> None:
    browser = await site.signed_in("manager")
    address = f"/capacity/{site.world.office}/queues/{site.world.queue}/days"

    answer = await browser.post(address, {"day": "۱۴۰۵/۰۹/۰۳", "kind": "closed", "reason": "تعمیر برق"})
    grid = (await browser.get("/capacity")).text
    cleared = await browser.post(f"{address}/clear", {"day": "2026-11-24"})

    assert [answer.status_code, cleared.status_code] == [303, 303]
    assert "تعمیر برق" in grid
    assert "تعمیر برق" not in (await browser.get("/capacity")).text


async def test_whose_appointments_are_hit_is_shown_before_anything_changes(site: Site) -> None:
    appointment = await site.storage.write(booked_on_monday, world_queue=site.world.queue, service=site.world.service)
    browser = await site.signed_in("manager")
    address = f"/capacity/{site.world.office}/queues/{site.world.queue}/days"
    form = {"day": "1405/09/02", "kind": "closed", "opens": "", "closes": "", "counters": "", "reason": "تعمیر برق"}

    def exceptions(session: ReadSession) -> int | None:
        return session.scalar(select(func.count()).select_from(CapacityException))

    def state(session: ReadSession) -> AppointmentState:
        return session.scalars(select(Appointment.state).where(Appointment.id == appointment)).one()

    asked = await browser.post(address, form)
    before = await site.storage.read(exceptions)
    sheet = {**form, **sheet_of(asked), "sheet_sure": "1", "sheet_remedy": "cancel"}
    without_words = await browser.post(address, {**sheet, "sheet_words": ""})
    still = await site.storage.read(exceptions)
    done = await browser.post(address, {**sheet, "sheet_words": "برق دفتر قطع است."})

    assert asked.status_code == 200
    assert "رحیم‌الله نظری" in asked.text
    assert "هنوز چیزی تغییر نکرده است" in asked.text
    assert without_words.status_code == 422
    assert "لطفاً دلیل را برای متقاضیان بنویسید" in without_words.text
    assert [before, still, await site.storage.read(exceptions)] == [0, 0, 1]
    assert done.status_code == 303
    assert await site.storage.read(state) is AppointmentState.CANCELLED_BY_OFFICE
    assert await site.storage.read(verify) == []


async def test_appointments_may_stay_when_the_office_sees_to_them(site: Site) -> None:
    appointment = await site.storage.write(booked_on_monday, world_queue=site.world.queue, service=site.world.service)
    browser = await site.signed_in("manager")
    address = f"/capacity/{site.world.office}/queues/{site.world.queue}/days"
    form = {"day": "1405/09/02", "kind": "hours", "opens": "10", "closes": "12", "counters": "", "reason": "جلسه"}

    asked = await browser.post(address, form)
    await browser.post(address, {**form, **sheet_of(asked), "sheet_sure": "1", "sheet_remedy": "keep"})

    def state(session: ReadSession) -> AppointmentState:
        return session.scalars(select(Appointment.state).where(Appointment.id == appointment)).one()

    assert await site.storage.read(state) is AppointmentState.BOOKED


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"opens": "", "closes": ""}, "لطفاً ساعت‌ها یا تعداد باجه‌های این روز را بنویسید"),
        ({"opens": "9", "closes": ""}, "لطفاً این‌جا را پر کنید"),
        ({"opens": "12", "closes": "9"}, "ساعت شروع و پایان با هم نمی‌خواند"),
        ({"reason": ""}, "لطفاً این‌جا را پر کنید"),
    ],
)
async def test_a_day_that_does_not_fit_comes_back(site: Site, change: dict[str, str], said: str) -> None:
    browser = await site.signed_in("manager")
    form = {"day": "1405/09/02", "kind": "hours", "opens": "10", "closes": "12", "counters": "", "reason": "جلسه"}

    answer = await browser.post(f"/capacity/{site.world.office}/queues/{site.world.queue}/days", {**form, **change})

    assert answer.status_code == 422
    assert said in answer.text


async def test_a_queue_is_made_with_its_services(site: Site) -> None:
    browser = await site.signed_in("manager")
    form: dict[str, str | list[str]] = {"name_fa": "باجهٔ دوم", "services": [str(site.world.service)], "is_active": "1"}

    made = await browser.post(f"/capacity/{site.world.office}/queues/new", form)
    empty = await browser.post(f"/capacity/{site.world.office}/queues/new", {"name_fa": "باجهٔ سوم"})
    listed = (await browser.get("/capacity/queues")).text

    assert made.status_code == 303
    assert empty.status_code == 422
    assert "باجهٔ دوم" in listed


async def test_the_form_of_holidays_stands_above_their_list_and_opens_where_it_is_needed(site: Site) -> None:
    browser = await site.signed_in("admin")
    page = (await browser.get("/capacity/holidays")).text
    chosen = (await browser.get("/capacity/holidays?day=2026-12-01")).text
    refused = (await browser.post("/capacity/holidays", {"day": "؟"})).text

    assert page.index('id="holiday"') < page.index("تعطیل رسمی آزمون")
    assert 'id="holiday">' in page  # folded, so that the list is seen
    for opened in (chosen, refused):
        assert 'id="holiday" open>' in opened


async def test_an_estimated_holiday_is_confirmed(site: Site) -> None:
    browser = await site.signed_in("admin")
    page = (await browser.get("/capacity/holidays?day=2026-12-01")).text
    form = {"day": "۱۴۰۵/۰۹/۱۰", "name_fa": "تعطیل رسمی آزمون", "is_confirmed": "1", "is_closed": "1"}

    answer = await browser.post("/capacity/holidays", form)

    def confirmed(session: ReadSession) -> list[bool]:
        return list(session.scalars(select(Holiday.is_confirmed)))

    assert "تخمینی" in page
    assert 'value="۱۴۰۵/۰۹/۱۰"' in page
    assert answer.status_code == 303
    assert await site.storage.read(confirmed) == [True]


async def test_a_mistaken_holiday_is_taken_out_and_its_day_opens_at_once(site: Site) -> None:
    browser = await site.signed_in("admin")

    def holiday(session: ReadSession) -> int:
        return session.scalars(select(Holiday.id)).one()

    tuesday = TODAY + timedelta(days=10)  # the holiday of the world

    def free(session: ReadSession) -> int | None:
        return session.scalar(
            select(func.sum(Slot.remaining)).where(Slot.queue_id == site.world.queue, Slot.day == tuesday)
        )

    before = await site.storage.read(free)
    answer = await browser.post(f"/capacity/holidays/{await site.storage.read(holiday)}/delete")
    page = (await browser.get("/capacity/holidays")).text

    assert not before
    assert answer.status_code == 303
    assert await site.storage.read(free) == 48
    assert "تعطیل رسمی آزمون" not in page


async def test_a_holiday_found_to_be_a_day_later_is_moved_there(site: Site) -> None:
    browser = await site.signed_in("admin")
    page = (await browser.get("/capacity/holidays?day=2026-12-01")).text
    opened = page.split('name="holiday" value="')[1].split('"')[0]
    form = {
        "day": "۱۴۰۵/۰۹/۱۱",
        "name_fa": "تعطیل رسمی آزمون",
        "is_confirmed": "1",
        "is_closed": "1",
        "holiday": opened,
    }

    answer = await browser.post("/capacity/holidays", form)

    def days(session: ReadSession) -> list[date]:
        return [row.day for row in queries.holidays(session, from_day=TODAY, to_day=TODAY + timedelta(days=60))]

    assert answer.status_code == 303
    assert await site.storage.read(days) == [date(2026, 12, 2)]


async def test_a_province_closes_its_own_offices_and_nobody_elses(site: Site) -> None:
    browser = await site.signed_in("province")  # of IR-30
    closure = {"day": "1405/09/02", "name_fa": "آلودگی هوا", "is_confirmed": "1", "is_closed": "1"}

    form = (await browser.get("/capacity/holidays")).text
    elsewhere = await browser.post("/capacity/holidays", {**closure, "province": "IR-09"})
    country = await browser.post("/capacity/holidays", closure)
    own = await browser.post("/capacity/holidays", {**closure, "province": "IR-30"})
    listed = (await browser.get("/capacity/holidays")).text

    def closures(session: ReadSession) -> list[tuple[int, str | None]]:
        found = session.execute(select(Holiday.id, Holiday.province_code).order_by(Holiday.id))
        return [(id, code) for id, code in found]

    national, provincial = await site.storage.read(closures)
    refused = await browser.post(f"/capacity/holidays/{national[0]}/delete")
    stranger = await (await site.signed_in("otherprovince")).post(f"/capacity/holidays/{provincial[0]}/delete")
    deleted = await browser.post(f"/capacity/holidays/{provincial[0]}/delete")

    assert 'value="IR-30"' in form
    assert 'value="IR-09"' not in form
    assert [elsewhere.status_code, country.status_code, own.status_code] == [404, 404, 303]
    assert "فقط در استان البرز" in bare(listed)
    assert provincial[1] == "IR-30"
    assert [refused.status_code, stranger.status_code, deleted.status_code] == [404, 404, 303]
