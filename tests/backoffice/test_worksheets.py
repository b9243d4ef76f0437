"""The worksheet on its pages: an office states, sees what was served, and the directorate decides and has its list."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from desk.capacity.approval import set_approval
from desk.capacity.models import OpeningRule, Queue, Slot
from desk.capacity.saving_weeks import set_week
from desk.catalogue.models import Service
from desk.deadlines.models import Deadline
from desk.organisation import NATION
from desk.reading.folding import persian_digits, strip_bidi
from desk.storage.base import ReadSession, WriteSession
from desk.worksheets.models import Worksheet
from desk.worksheets.rules import WorksheetState
from tests.backoffice.conftest import Browser, Site
from tests.backoffice.forms import form_at
from tests.backoffice.sheets import UNCHANGED, booked, sure
from tests.makers import NOW, TODAY, acting
from tests.makers_worksheets import a_week, make_visits

pytestmark = pytest.mark.sqlite


async def asks_approval(site: Site) -> None:
    await site.storage.write(set_approval, area=NATION, needed=True, actor=acting(9), now=NOW)


def of_queue(site: Site) -> str:
    return f"/capacity/{site.world.office}/queues/{site.world.queue}/worksheet"


def rows(session: ReadSession) -> list[tuple[int, WorksheetState, str]]:
    newest = select(Worksheet.id, Worksheet.state, Worksheet.note).where(Worksheet.note != "").order_by(Worksheet.id)
    return [(row.id, row.state, row.note) for row in session.execute(newest)]


def counters(session: ReadSession, queue: int) -> set[int]:
    held = select(OpeningRule.counters).where(OpeningRule.queue_id == queue, OpeningRule.valid_to.is_(None))
    return set(session.scalars(held))


async def stated(site: Site, browser: Browser, **typed: Any) -> Any:
    form = form_at((await browser.get(of_queue(site))).text, of_queue(site)).values
    changed = {name: "4" for name in form if name.endswith("-counters")}
    return await browser.post(of_queue(site), form | changed | {"note": "باجهٔ نو", "do": "state"} | typed)


@pytest.mark.requirement("000-13", "M")
async def test_an_office_states_it_and_only_the_approval_changes_the_hours(site: Site) -> None:
    await asks_approval(site)
    manager, officer = await site.signed_in("manager"), await site.signed_in("province")
    before = await site.storage.read(counters, site.world.queue)

    answer = await stated(site, manager)

    assert answer.headers["location"] == f"/capacity/{site.world.office}/worksheet"
    [(id, state, _note)] = await site.storage.read(rows)
    assert state is WorksheetState.STATED
    assert await site.storage.read(counters, site.world.queue) == before
    here = f"/capacity/worksheets/{id}"
    listed = strip_bidi((await officer.get("/capacity/worksheets")).text)
    assert f'href="{here}"' in listed
    assert "در انتظار ادارهٔ کل" in listed
    assert "باجهٔ نو" in listed
    assert f'action="{here}"' not in (await manager.get(here)).text

    form = form_at((await officer.get(here)).text, here).values
    done = await officer.post(here, form | {"state": "approved"})

    assert done.status_code == 303
    assert [state for _id, state, _note in await site.storage.read(rows)] == [WorksheetState.APPROVED]
    assert 4 in await site.storage.read(counters, site.world.queue)
    assert f'href="{here}"' not in (await officer.get("/capacity/worksheets")).text
    office = strip_bidi((await manager.get(f"/capacity/{site.world.office}/worksheet")).text)
    assert "تأییدشده" in office
    told = strip_bidi((await manager.get(f"/capacity/{site.world.office}/queues/{site.world.queue}/history")).text)
    for sentence in ("را در برگه نوشت", "دربارهٔ برگهٔ ظرفیت صف"):
        assert sentence in told


async def test_a_return_asks_for_the_reason_and_the_office_reads_it(site: Site) -> None:
    await asks_approval(site)
    manager, officer = await site.signed_in("manager"), await site.signed_in("province")
    await stated(site, manager)
    [(id, *_)] = await site.storage.read(rows)
    here = f"/capacity/worksheets/{id}"
    form = form_at((await officer.get(here)).text, here).values | {"state": "returned"}

    refused = await officer.post(here, form)

    assert refused.status_code == 422
    assert "لطفاً دلیل را بنویسید" in strip_bidi(refused.text)
    assert 'value="returned" selected' in refused.text
    assert (await officer.post(here, form | {"reason": "سه باجه دیده نشد."})).status_code == 303
    assert "سه باجه دیده نشد." in strip_bidi((await manager.get(f"/capacity/{site.world.office}/worksheet")).text)


async def test_where_it_stands_for_a_time_a_day_is_asked_for(site: Site) -> None:
    await asks_approval(site)
    officer = await site.signed_in("province")
    await stated(site, await site.signed_in("manager"))
    [(id, *_)] = await site.storage.read(rows)
    here = f"/capacity/worksheets/{id}"
    form = form_at((await officer.get(here)).text, here).values | {"state": "for_a_time"}
    refused = await officer.post(here, form)
    assert (refused.status_code, "روزی بعد از آن را انتخاب کنید" in strip_bidi(refused.text)) == (422, True)
    for state in ("approved", "returned"):
        unclear = await officer.post(here, form | {"state": state, "reason": "x", "until_day": "1405/10/20"})
        assert (unclear.status_code, 'id="until_day-reasons"' in unclear.text) == (422, True)
    assert (await officer.post(here, form | {"until_day": "1405/10/20"})).status_code == 303
    assert "فعلاً برقرار" in strip_bidi((await officer.get("/capacity/worksheets")).text)


async def test_an_approval_that_takes_times_shows_its_people_first(site: Site) -> None:
    await asks_approval(site)
    people = await site.storage.write(booked, site)
    manager, officer = await site.signed_in("manager"), await site.signed_in("province")
    form = form_at((await manager.get(of_queue(site))).text, of_queue(site)).values
    closed = {name: "" for name in form if name.endswith(("-opens", "-closes"))}
    sent = form | closed | {"d6r0-opens": "8:00", "d6r0-closes": "9:00", "d6r0-counters": "1", "d6r0-minutes": "15"}
    assert (await manager.post(of_queue(site), sent | {"note": "فقط جمعه", "do": "state"})).status_code == 303
    [(id, *_)] = await site.storage.read(rows)
    here = f"/capacity/worksheets/{id}"
    decision = form_at((await officer.get(here)).text, here).values | {"state": "approved"}

    asked = await officer.post(here, decision)

    assert (asked.status_code, UNCHANGED in asked.text, bool(people)) == (200, True, True)
    assert [state for _id, state, _note in await site.storage.read(rows)] == [WorksheetState.STATED]
    assert (await officer.post(here, sure(decision, asked))).status_code == 303
    assert [state for _id, state, _note in await site.storage.read(rows)] == [WorksheetState.APPROVED]


async def test_without_approval_it_holds_at_once(site: Site) -> None:
    answer = await stated(site, await site.signed_in("manager"))
    assert answer.status_code == 303
    assert [state for _id, state, _note in await site.storage.read(rows)] == [WorksheetState.OWN]
    assert 4 in await site.storage.read(counters, site.world.queue)


async def test_what_was_typed_comes_back_with_the_reason_at_its_field(site: Site) -> None:
    manager = await site.signed_in("manager")
    refused = await stated(site, manager, **{"d0r0-opens": "25:00"})
    assert refused.status_code == 422
    assert 'value="25:00"' in refused.text
    assert 'aria-invalid="true"' in refused.text
    assert "باجهٔ نو" in refused.text
    shown = await stated(site, manager, do="show")
    assert shown.status_code == 200
    assert 'value="4"' in shown.text
    assert await site.storage.read(rows) == []
    doubted = await stated(site, manager, **{"d0r0-counters": "150"})
    assert (doubted.status_code, 'name="is_meant"' in doubted.text) == (422, True)


async def test_what_was_served_stands_beside_what_is_stated_and_is_proposed(site: Site) -> None:
    manager = await site.signed_in("manager")
    page = strip_bidi((await manager.get(f"/capacity/{site.world.office}/worksheet")).text)
    assert "اطلاعات کافی نیست" in page
    assert "پیشنهاد:" not in page

    def serve(session: WriteSession) -> None:
        queue, service = session.get_one(Queue, site.world.queue), session.get_one(Service, site.world.service)
        for n in range(1, 7):
            day = TODAY - timedelta(days=n)
            make_visits(session, queue=queue, service=service, day=day, minutes=(7, 7, 7, 7, 23, 23, 23), first=600 + n)

    await site.storage.write(serve)
    page = strip_bidi((await manager.get(f"/capacity/{site.world.office}/worksheet")).text)
    assert "پیشنهاد: ۲۳ دقیقه برای هر نفر" in page
    assert "نیمی از متقاضیان حداکثر ۷ دقیقه" in page
    assert "در نیمی از روزها" in page
    begun = (await manager.get(f"{of_queue(site)}?minutes=23")).text
    assert 'value="۲۳"' in begun or 'value="23"' in begun


async def test_a_worksheet_that_waits_too_long_says_so_on_the_list(site: Site) -> None:
    officer = await site.signed_in("province")
    assert "دیرتر از مهلت" not in strip_bidi((await officer.get("/capacity/worksheets")).text)

    def let_it_pass(session: WriteSession) -> None:
        session.execute(update(Deadline).where(Deadline.subject == "worksheets").values(due_at=NOW - timedelta(1)))

    await site.storage.write(let_it_pass)
    listed = strip_bidi((await officer.get("/capacity/worksheets")).text)
    assert "دیرتر از مهلت: ۱" in listed
    assert f"/capacity/worksheets/{site.world.worksheet}" in listed
    assert f"/capacity/worksheets/{site.world.other_worksheet}" not in listed


async def test_a_province_says_whether_it_approves_and_the_office_is_led_to_the_worksheet(site: Site) -> None:
    manager, officer = await site.signed_in("manager"), await site.signed_in("province")
    queue = f"/capacity/{site.world.office}/queues/{site.world.queue}"
    assert f'href="{queue}/week"' in (await manager.get(queue)).text

    form = form_at((await officer.get("/capacity/worksheets")).text, "/capacity/worksheets/approval").values
    beyond = await officer.post("/capacity/worksheets/approval", form | {"area": "/", "is_needed": "yes"})
    assert beyond.status_code == 404
    done = await officer.post("/capacity/worksheets/approval", form | {"is_needed": "yes"})

    assert done.status_code == 303
    page = (await manager.get(queue)).text
    assert f'href="{queue}/week"' not in page
    assert f'href="{queue}/worksheet"' in page
    places = await site.storage.read(lambda session: session.scalar(select(func.sum(Slot.planned))))
    week = form_at((await manager.get(f"{queue}/week")).text, f"{queue}/week").values
    refused = await manager.post(f"{queue}/week", week | {"d0r0-counters": "5", "do": "show"})
    assert "به تأیید ادارهٔ کل نیاز دارد" in strip_bidi(refused.text)
    assert await site.storage.read(lambda session: session.scalar(select(func.sum(Slot.planned)))) == places


async def test_too_few_visits_say_nothing_of_the_counters(site: Site) -> None:
    manager = await site.signed_in("manager")

    def serve(session: WriteSession) -> None:
        queue, service = session.get_one(Queue, site.world.queue), session.get_one(Service, site.world.service)
        make_visits(session, queue=queue, service=service, day=TODAY - timedelta(days=1), minutes=(7, 7, 7), first=600)

    await site.storage.write(serve)
    page = strip_bidi((await manager.get(f"/capacity/{site.world.office}/worksheet")).text)
    assert "اطلاعات کافی نیست" in page
    assert "در نیمی از روزها" not in page


async def test_who_decides_is_not_asked_to_take_back_what_an_office_stated(site: Site) -> None:
    here = f"/capacity/worksheets/{site.world.worksheet}"
    assert "withdraw" in (await (await site.signed_in("manager")).get(here)).text
    assert "withdraw" not in (await (await site.signed_in("province")).get(here)).text


async def test_the_office_takes_back_what_nobody_decided(site: Site) -> None:
    manager = await site.signed_in("manager")
    here = f"/capacity/worksheets/{site.world.worksheet}"
    form = form_at((await manager.get(here)).text, f"{here}/withdraw").values
    assert (await manager.post(f"{here}/withdraw", form)).status_code == 303
    state = select(Worksheet.state).where(Worksheet.id == site.world.worksheet)
    assert await site.storage.read(lambda session: session.scalar(state)) is WorksheetState.WITHDRAWN


async def test_whoever_decides_sees_that_other_hours_stand_since_the_page_was_opened(site: Site) -> None:
    officer = await site.signed_in("province")
    here = f"/capacity/worksheets/{site.world.worksheet}"
    form = form_at((await officer.get(here)).text, here).values | {"state": "approved"}
    other: dict[str, Any] = {"queue_ids": [site.world.queue], "week": a_week(counters=7), "from_day": NOW.date()}
    await site.storage.write(set_week, **other, is_sure=True, actor=acting(9), now=NOW)
    before = await site.storage.read(counters, site.world.queue)

    answer = await officer.post(here, form)

    assert answer.status_code == 409
    assert await site.storage.read(counters, site.world.queue) == before
    again = form_at(answer.text, here).values
    assert again["state"] == "approved"
    assert (await officer.post(here, again)).status_code in (200, 303)


async def test_the_places_of_a_day_stand_beside_those_that_they_replace(site: Site) -> None:
    await asks_approval(site)
    later, planned = TODAY + timedelta(days=31), a_week(counters=7)
    other: dict[str, Any] = {"queue_ids": [site.world.queue], "week": planned, "from_day": later}
    await site.storage.write(set_week, **other, is_sure=True, actor=acting(9), now=NOW)
    manager = await site.signed_in("manager")
    form = form_at((await manager.get(of_queue(site))).text, of_queue(site)).values
    wished = {name: "4" for name in form if name.endswith("-counters")} | {"valid_from": "1405/10/01"}

    shown = strip_bidi((await manager.post(of_queue(site), form | wished | {"do": "show"})).text)
    await stated(site, manager, **wished)

    was, becomes = (persian_digits(str(week.places_on(0))) for week in (planned, a_week(counters=4)))
    assert f"{was} ← {becomes} جا" in shown
    [(id, *_rest)] = await site.storage.read(rows)
    assert f"{was} ← {becomes} جا" in strip_bidi((await manager.get(f"/capacity/worksheets/{id}")).text)


async def test_that_another_one_waits_is_said_before_it_is_replaced(site: Site) -> None:
    await asks_approval(site)
    waits = update(Worksheet).where(Worksheet.state == WorksheetState.STATED)
    over = waits.values(state=WorksheetState.WITHDRAWN, decided_at=NOW)
    await site.storage.write(lambda session: session.execute(over))
    manager = await site.signed_in("manager")
    replaced = "یک برگهٔ دیگر منتظر ادارهٔ کل است"
    assert replaced not in strip_bidi((await manager.get(of_queue(site))).text)
    assert (await stated(site, manager)).status_code == 303

    page = (await manager.get(of_queue(site))).text

    assert replaced in strip_bidi(page)
    [(waiting, state, _note)] = await site.storage.read(rows)
    assert f'href="/capacity/worksheets/{waiting}"' in page
    assert state is WorksheetState.STATED
    assert (await stated(site, manager, note="باز هم")).status_code == 303
    assert [row[1] for row in await site.storage.read(rows)] == [WorksheetState.REPLACED, WorksheetState.STATED]


async def test_where_approval_is_needed_the_queue_leads_to_the_proposal_and_keeps_its_other_links(site: Site) -> None:
    queue = f"/capacity/{site.world.office}/queues/{site.world.queue}"
    manager = await site.signed_in("manager")
    before = (await manager.get(queue)).text
    assert f'href="{queue}/week"' in before
    assert f'href="{queue}/worksheet"' not in before

    await asks_approval(site)

    page = (await manager.get(queue)).text
    assert f'href="{queue}/week"' not in page
    assert page.count(f'href="{queue}/worksheet"') == 1 + 5  # above, and at the hours of each of five days
    for kept in ("edit", "shares"):
        assert f'href="{queue}/{kept}"' in page
    assert f'href="{queue}/week"' in (await (await site.signed_in("province")).get(queue)).text
