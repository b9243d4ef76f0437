"""The pages on which hours, counters, days and provinces are closed: form, sheet, tally, undoing, painting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from desk.appointments.models import Appointment
from desk.capacity.models import CapacityException
from desk.closings.rules import UNDO
from desk.consequences.actions import carry_on
from desk.language.text import Locale
from desk.offices.models import Province
from desk.outbox.models import OutboxMessage
from desk.storage.base import ReadSession, WriteSession
from desk.verify import verify
from tests.backoffice.conftest import Browser, Site
from tests.backoffice.forms import form_at
from tests.backoffice.sheets import WHY, Form, booked
from tests.makers import NOW, TODAY

CLOSE = "/capacity/close"
MONDAY = "1405/09/02"
SURE = {"closing_sure": "1"}


async def _form(browser: Browser, **typed: str) -> Form:
    return {**form_at((await browser.get(CLOSE)).text, CLOSE).values, "reason": "power", **typed}


async def _closed(browser: Browser, sent: Form) -> str:
    """Go through the sheet; the address of the closing."""
    sheet = await browser.post(CLOSE, sent)
    assert sheet.status_code == 200, sheet.text
    done = await browser.post(CLOSE, {**form_at(sheet.text, CLOSE).values, **SURE})
    return str(done.headers["location"])


def exceptions(session: ReadSession) -> list[tuple[int, str, str]]:
    rows = session.execute(select(CapacityException).order_by(CapacityException.queue_id, CapacityException.day))
    return [(row.queue_id, row.day.isoformat(), row.kind.value) for (row,) in rows]


def told(session: ReadSession) -> int:
    return len(session.scalars(select(OutboxMessage.id).where(OutboxMessage.notice == "moved_by_office")).all())


@pytest.mark.requirement("000-13", "M")
async def test_a_day_is_closed_in_three_presses_and_undone_in_one(site: Site) -> None:
    await site.storage.write(booked, site)
    manager = await site.signed_in("manager")
    today = (await manager.get("/today")).text
    assert f'href="/capacity/close?office={site.world.office}' in today
    sent = await _form(manager, when="other", from_day=MONDAY, reason="", words=WHY)
    assert sent["place"] == f"office:{site.world.office}"
    sheet = await manager.post(CLOSE, sent)
    assert "۲ نفر در این وقت نوبت دارند" in sheet.text
    assert WHY in sheet.text
    assert "۹:۳۵" in sheet.text  # nobody is told before
    assert await site.storage.read(exceptions) == []

    address = await _closed(manager, sent)
    page = (await manager.get(address)).text
    assert "hx-trigger" in page
    assert len(await site.storage.read(exceptions)) == 1
    await site.storage.write(carry_on, now=NOW)
    assert await site.storage.read(told) == 0

    gone = await manager.post(f"{address}/undo", {})
    assert gone.headers["location"] == address
    assert "برگردانده شد" in (await manager.get(address)).text
    assert await site.storage.read(exceptions) == []
    assert await site.storage.read(verify) == []


async def test_the_page_of_a_closing_is_found_again_while_it_can_be_undone(site: Site) -> None:
    await site.storage.write(booked, site)
    manager = await site.signed_in("manager")
    address = await _closed(manager, await _form(manager, when="other", from_day=MONDAY))
    link = f'href="{address}"'
    form = (await manager.get(CLOSE)).text
    assert link in form
    assert "تا ساعت" in form
    assert "نرسیده" not in (await manager.get(address)).text, "nobody was to be told yet"
    assert link in (await (await site.signed_in("province")).get(CLOSE)).text
    assert link not in (await (await site.signed_in("otherprovince")).get(CLOSE)).text
    await manager.post(f"{address}/undo", {})
    assert link not in (await manager.get(CLOSE)).text


async def test_once_people_are_told_the_page_says_how_many_and_offers_no_way_back(site: Site) -> None:
    await site.storage.write(booked, site)
    manager = await site.signed_in("manager")
    address = await _closed(manager, await _form(manager, when="other", from_day=MONDAY))
    site.clock.move(UNDO)
    await site.storage.write(carry_on, now=NOW + UNDO)
    page = (await manager.get(address)).text
    assert "نوبت ۲ نفر تغییر می‌کند" in page
    assert f"{address}/undo" not in page
    assert "دیگر نمی‌شود برگرداند" in page
    await manager.post(f"{address}/undo", {})
    assert "دیگر نمی‌شود برگرداند" in (await manager.get(address)).text
    assert len(await site.storage.read(exceptions)) == 1


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"when": "other", "from_day": "چهارم"}, "from_day-reasons"),
        ({"when": "other"}, "from_day-reasons"),
        ({"when": "other", "from_day": "1404/01/01"}, "from_day-reasons"),
        ({"when": "tomorrow", "from_day": MONDAY}, "when-reasons"),
        ({"when": "other", "from_day": MONDAY, "until_day": "1405/12/01"}, "until_day-reasons"),
        ({"opens": "8"}, "closes-reasons"),
        ({"opens": "9", "closes": "8"}, "closes-reasons"),
        ({"kind": "open"}, "counters-reasons"),
        ({"reason": "", "words": ""}, "words-reasons"),
        ({"place": "province:IR-09"}, "place-reasons"),
    ],
)
async def test_what_cannot_be_read_comes_back_with_the_reason_at_its_field(
    site: Site, typed: dict[str, str], reason: str
) -> None:
    manager = await site.signed_in("manager")
    answer = await manager.post(CLOSE, await _form(manager, **typed))
    assert answer.status_code == 422
    assert f'id="{reason}"' in answer.text
    for value in typed.values():
        assert value in answer.text or value == "province:IR-09"
    assert await site.storage.read(exceptions) == []


async def test_from_the_sheet_the_form_comes_back_as_it_was_typed(site: Site) -> None:
    manager = await site.signed_in("manager")
    sheet = await manager.post(CLOSE, await _form(manager, when="other", from_day=MONDAY, opens="8", closes="9"))
    back = await manager.post(CLOSE, {**form_at(sheet.text, CLOSE).values, "closing_again": "1"})
    kept = form_at(back.text, CLOSE).values
    assert (back.status_code, kept["when"]) == (200, "other")
    assert (kept["from_day"], kept["opens"]) != ("", "")
    again = await manager.post(CLOSE, kept)
    assert "closing_sure" in again.text
    assert await site.storage.read(exceptions) == []


async def test_each_is_offered_what_is_theirs_to_close(site: Site) -> None:
    province = (await (await site.signed_in("province")).get(CLOSE)).text
    assert 'value="province:IR-30"' in province
    assert 'value="province:IR-09"' not in province
    assert 'value="nation"' not in province
    assert 'value="nation"' in (await (await site.signed_in("admin")).get(CLOSE)).text
    manager = (await (await site.signed_in("manager")).get(CLOSE)).text
    assert 'value="province:' not in manager


async def test_a_province_is_closed_by_one_person_and_no_other_office(site: Site) -> None:
    province = await site.signed_in("province")
    address = await _closed(province, await _form(province, place="province:IR-30", when="other", from_day=MONDAY))
    assert [queue for queue, _day, _kind in await site.storage.read(exceptions)] == [site.world.queue]
    other = await site.signed_in("otherprovince")
    assert (await other.get(address)).status_code == 404
    assert (await other.post(f"{address}/undo", {})).status_code == 404
    assert "استان" in (await province.get(address)).text


async def test_offices_and_days_are_ticked_over_the_list_of_many_offices(site: Site) -> None:
    admin = await site.signed_in("admin")
    page = (await admin.get("/capacity/offices?paint=1")).text
    day, world = (TODAY + timedelta(days=2)).isoformat(), site.world
    assert f'value="{day}.{world.office}"' in page
    assert 'name="cell"' not in (await admin.get("/capacity/offices")).text
    none = await admin.post("/capacity/offices/painted", {"kind": "close"})
    assert none.headers["location"].startswith("/capacity/offices?paint=1")

    form = await admin.post("/capacity/offices/painted", {"cell": [f"{day}.{world.office}"], "kind": "close"})
    await _closed(admin, form_at(form.text, CLOSE).values | {"reason": "power"})
    assert [queue for queue, _day, _kind in await site.storage.read(exceptions)] == [world.queue]

    saturday = (TODAY + timedelta(days=7)).isoformat()
    more = await admin.post("/capacity/offices/painted", {"whole": [saturday], "kind": "open"})
    asked = {**form_at(more.text, CLOSE).values, "counters": "2", "reason": ""}
    assert asked["kind"] == "open"
    await _closed(admin, asked)
    opened = [each for each in await site.storage.read(exceptions) if each[1] == saturday]
    assert {queue for queue, _day, kind in opened if kind == "hours"} == {world.queue, world.other_queue}
    assert await site.storage.read(verify) == []


async def test_a_place_without_a_queue_is_said_at_the_field(site: Site) -> None:
    admin = await site.signed_in("admin")
    answer = await admin.post(CLOSE, await _form(admin, place="province:IR-11"))
    assert answer.status_code == 422
    assert 'id="place-reasons"' in answer.text
    assert await site.storage.read(exceptions) == []


async def test_more_than_can_be_closed_at_once_is_said_before_the_sheet(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backoffice.closings.closing.MOST_OF_A_CLOSING", 1)
    manager = await site.signed_in("manager")
    sent = await _form(manager, when="other", from_day=MONDAY, until_day="1405/09/04")
    answer = await manager.post(CLOSE, sent)
    assert answer.status_code == 422
    assert "هر بار حداکثر ۱ روزِ صف" in answer.text


async def test_a_painted_day_that_is_over_or_years_ahead_is_passed_over(site: Site) -> None:
    admin = await site.signed_in("admin")
    ticked = [f"{day}.{site.world.office}" for day in (TODAY - timedelta(days=7), "9999-12-31")]
    none = await admin.post("/capacity/offices/painted", {"cell": ticked, "kind": "close"})
    assert none.headers["location"].startswith("/capacity/offices?paint=1")


async def test_offices_outside_the_reach_are_not_counted_where_days_are_painted(site: Site) -> None:
    world, day = site.world, (TODAY + timedelta(days=2)).isoformat()
    province = await site.signed_in("province")
    cell = f"{day}.{world.office},{world.other_office}"
    form = await province.post("/capacity/offices/painted", {"cell": [cell], "kind": "close"})
    assert form_at(form.text, CLOSE).values["cell"] == f"{day}.{world.office}"
    sheet = await province.post(CLOSE, {"cell": [cell], "kind": "close", "reason": "power"})
    assert "۱ دفتر" in sheet.text
    assert "۲ دفتر" not in sheet.text


async def test_the_page_of_days_says_which_hours_of_a_day_are_left(site: Site) -> None:
    manager = await site.signed_in("manager")
    await _closed(manager, await _form(manager, when="other", from_day=MONDAY, opens="8", closes="9"))
    page = (await manager.get("/capacity")).text
    assert page.count("در این روز: از \u2066۹:۰۰\u2069 تا \u2066۱۴:۰۰\u2069") == 1


async def test_nobody_is_to_be_phoned_while_a_closing_can_be_undone_and_its_page_says_what_it_is(site: Site) -> None:
    people = await site.storage.write(booked, site)
    await site.storage.write(_without_chat, people)
    province = await site.signed_in("province")
    address = await _closed(province, await _form(province, place="province:IR-30", when="other", from_day=MONDAY))
    change = f"/changes/{address.rpartition('/')[2]}"
    early = (await province.get(change)).text
    assert early.count("sign-bad") == 1, "only the figure, which is zero"
    assert "روزی که فرق دارد" not in early
    assert "روز یا ساعت‌هایی بسته شد" in early
    name = await site.storage.read(_province_name)
    assert f"<h1>{name}" in early

    site.clock.move(UNDO)
    await site.storage.write(carry_on, now=NOW + UNDO)
    assert (await province.get(change)).text.count("sign-bad") > 1


def _without_chat(session: WriteSession, people: list[int]) -> None:
    session.execute(update(Appointment).where(Appointment.id.in_(people)).values(conversation_id=None))


def _province_name(session: ReadSession) -> str:
    return session.get_one(Province, "IR-30").name.for_locale(Locale.FA)
