"""The roster on its pages: who is off duty, which days have no marshal, and how the directorate comes to a warning."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from desk.figures.counting import count_days
from desk.offices.models import Office
from desk.reading.folding import strip_bidi
from desk.rosters.models import DayOffDuty, Leave
from desk.rosters.telling import tell_of_days
from desk.staff.models import RoleAssignment
from desk.staff.permissions import Role
from desk.storage.base import WriteSession
from tests.backoffice.conftest import Site
from tests.backoffice.forms import form_at
from tests.makers import NOW, TODAY, make_staff

pytestmark = pytest.mark.sqlite

FLAG = "بدون مسئول انتظامات: "
TOMORROW = (TODAY + timedelta(days=1)).isoformat()
NOBODY = "مسئول انتظامات سر کار نیست"


def duty(site: Site) -> str:
    return f"/capacity/{site.world.office}/duty"


async def with_marshal(site: Site) -> int:
    """The days are counted as the job does it, and the first office gets a marshal; returns the id."""

    def make(session: WriteSession) -> int:
        for queue in (site.world.queue, site.world.other_queue):
            count_days(session, id=queue, now=NOW)
        office = session.get_one(Office, site.world.office)
        return make_staff(session, name="کاوه دلیر", role=Role.MARSHAL, office=office).id

    return await site.storage.write(make)


async def off(site: Site, member: int, *days: int) -> None:
    """The manager says that the marshal is off duty on these days from today on."""
    manager = await site.signed_in("manager")
    form = form_at((await manager.get(duty(site))).text, duty(site)).values
    sent = [f"{member}:{(TODAY + timedelta(days=n)).isoformat()}" for n in days]
    assert (await manager.post(duty(site), form | {"off": sent})).status_code == 303


@pytest.mark.requirement("000-06", "S")
async def test_the_manager_reads_which_days_have_no_marshal_and_says_who_is_off(site: Site) -> None:
    member = await with_marshal(site)
    manager = await site.signed_in("manager")
    days = f"/capacity?office={site.world.office}"
    assert FLAG not in strip_bidi((await manager.get(days)).text)
    assert NOBODY not in strip_bidi((await manager.get(duty(site))).text)

    await off(site, member, 1)

    assert await site.storage.read(lambda session: session.scalars(select(DayOffDuty.day)).all()) == [
        TODAY + timedelta(days=1)
    ]
    assert strip_bidi((await manager.get(days)).text).count(FLAG) == 1
    page = strip_bidi((await manager.get(duty(site))).text)
    assert NOBODY in page
    assert page.count("یکشنبه ۱ آذر ۱۴۰۵") == 3  # the flag, and the ticks of the marshal and a clerk
    assert "اعلام نشده است" in page
    assert "به دفتر تذکر بدهید" not in page

    await off(site, member)
    assert FLAG not in strip_bidi((await manager.get(days)).text)


@pytest.mark.requirement("000-05", "M")
async def test_the_directorate_sees_the_days_and_warns_by_the_rule(site: Site) -> None:
    member = await with_marshal(site)
    officer = await site.signed_in("province")
    here = f"/offices/{site.world.office}/services"
    assert f'href="{here}?because=marshal"' not in (await officer.get("/capacity/marshals")).text
    await off(site, member, 0, 1)

    listed = (await officer.get("/capacity/marshals")).text

    assert listed.count(f'href="{here}?because=marshal"') == 2
    assert "یکشنبه ۱ آذر ۱۴۰۵" in strip_bidi(listed)
    service = f"{here}/{site.world.service}"
    choosing = (await officer.get(f"{here}?because=marshal")).text
    assert f'href="{service}?because=marshal"' in choosing
    assert "خدمتی را انتخاب کنید" in strip_bidi(choosing)
    assert "خدمتی را انتخاب کنید" not in strip_bidi((await officer.get(here)).text)
    warning = (await officer.get(f"{service}?because=marshal")).text
    assert form_at(warning, service).values["state"] == "warned"
    assert form_at(warning, service).values["basis"] == "announcement"
    assert form_at((await officer.get(service)).text, service).values["state"] == ""


async def test_what_is_asked_of_marshals_is_not_announced_until_the_province_says_it(site: Site) -> None:
    manager, officer = await site.signed_in("manager"), await site.signed_in("province")
    form = form_at((await officer.get("/capacity/marshals")).text, "/capacity/marshals").values
    beyond = await officer.post("/capacity/marshals", form | {"area": "/", "conditions": "دیپلم"})
    assert beyond.status_code == 404
    assert "اعلام نشده است" in strip_bidi((await manager.get(duty(site))).text)
    assert (await officer.post("/capacity/marshals", form | {"conditions": "دیپلم داشته باشد"})).status_code == 303
    page = strip_bidi((await manager.get(duty(site))).text)
    assert "دیپلم داشته باشد" in page
    assert "اعلام نشده است" not in page


async def test_a_day_off_of_a_clerk_leads_to_closing_a_counter_on_that_day(site: Site) -> None:
    await with_marshal(site)
    manager = await site.signed_in("manager")
    page = (await manager.get(duty(site))).text
    clerk = await site.storage.read(
        lambda session: session.scalars(
            select(RoleAssignment.staff_id).where(
                RoleAssignment.role == Role.CLERK, RoleAssignment.office_id == site.world.office
            )
        ).first()
    )
    assert "/capacity/close?" not in page

    await manager.post(duty(site), form_at(page, duty(site)).values | {"off": [f"{clerk}:{TOMORROW}"]})

    there = f"/capacity/close?office={site.world.office}&day={TOMORROW}&counters=1"
    assert f'href="{there.replace("&", "&amp;")}"' in (await manager.get(duty(site))).text
    closing = form_at((await manager.get(there)).text, "/capacity/close").values
    assert (closing["counters"], closing["when"], closing["from_day"]) == ("۱", "other", "۱۴۰۵/۰۹/۰۱")


def leave_of(site: Site) -> str:
    return f"/capacity/{site.world.office}/leave"


async def asked(site: Site, **typed: str) -> None:
    """The clerk asks for tomorrow."""
    clerk = await site.signed_in("clerk")
    form = form_at((await clerk.get(leave_of(site))).text, leave_of(site)).values
    sent = {"first": "1405/09/01", "last": "", "reason": "عروسی برادرم", **typed}
    assert (await clerk.post(leave_of(site), form | sent)).status_code == 303


@pytest.mark.requirement("000-06", "S")
async def test_granted_leave_leads_to_closing_a_counter_as_a_day_that_was_entered(site: Site) -> None:
    await with_marshal(site)
    await site.storage.write(lambda session: session.execute(delete(Leave)))
    await asked(site)
    manager = await site.signed_in("manager")
    assert "۱ درخواست مرخصی" in strip_bidi((await manager.get(f"/today?office={site.world.office}")).text)
    page = (await manager.get(duty(site))).text
    assert "عروسی برادرم" in strip_bidi(page)
    assert "/capacity/close?" not in page
    [answering] = set(re.findall(r'action="([^"]+/leave/\d+)"', page))

    none = await manager.post(answering, form_at(page, answering).values | {"do": "decline", "word": ""})
    assert none.status_code == 422
    assert "لطفاً چند کلمه بنویسید" in strip_bidi(none.text)
    done = await manager.post(answering, form_at(page, answering).values | {"do": "grant", "word": "خوش بگذرد"})

    assert done.status_code == 303
    there = f"/capacity/close?office={site.world.office}&day={TOMORROW}&counters=1"
    assert f'href="{there.replace("&", "&amp;")}"' in (await manager.get(done.headers["location"])).text
    clerk = await site.signed_in("clerk")
    told = strip_bidi((await clerk.get(leave_of(site))).text)
    assert "موافقت شد" in told
    assert "خوش بگذرد" in told
    assert "درخواست مرخصی" not in strip_bidi((await manager.get(f"/today?office={site.world.office}")).text)


async def test_a_faulty_leave_comes_back_filled_and_one_that_waits_is_taken_back(site: Site) -> None:
    await site.storage.write(lambda session: session.execute(delete(Leave)))
    clerk = await site.signed_in("clerk")
    form = form_at((await clerk.get(leave_of(site))).text, leave_of(site)).values
    back = await clerk.post(leave_of(site), form | {"first": "1405/09/05", "last": "1405/09/01", "reason": "سفر"})
    assert back.status_code == 422
    kept = form_at(back.text, leave_of(site)).values
    assert (kept["first"], kept["last"], kept["reason"]) == ("1405/09/05", "1405/09/01", "سفر")
    assert "روز آخر پیش از روز اول است" in strip_bidi(back.text)
    await asked(site)
    again = await clerk.post(leave_of(site), form | {"first": "1405/09/01", "_key": "another"})
    assert again.status_code == 422
    assert "پیش از این خواسته‌اید" in strip_bidi(again.text)
    [id] = await site.storage.read(lambda session: session.scalars(select(Leave.id)).all())
    taken = await clerk.post(leave_of(site), form | {"take_back": str(id), "_key": "third"})
    assert taken.status_code == 303
    assert "پس گرفته شد" in strip_bidi((await clerk.get(leave_of(site))).text)
    officer = await site.signed_in("officer")
    assert "نام شما در برنامهٔ کاری این دفتر نیست" in strip_bidi((await officer.get(leave_of(site))).text)


async def test_leave_that_was_answered_meanwhile_is_taken_back_no_more_and_it_says_so(site: Site) -> None:
    await site.storage.write(lambda session: session.execute(delete(Leave)))
    await asked(site)
    clerk, manager = await site.signed_in("clerk"), await site.signed_in("manager")
    before = form_at((await clerk.get(leave_of(site))).text, leave_of(site)).values
    [id] = await site.storage.read(lambda session: session.scalars(select(Leave.id)).all())
    page = (await manager.get(duty(site))).text
    [answering] = set(re.findall(r'action="([^"]+/leave/\d+)"', page))
    await manager.post(answering, form_at(page, answering).values | {"do": "grant", "word": ""})
    late = await clerk.post(leave_of(site), before | {"take_back": str(id)})
    assert late.status_code == 409
    assert "دیگر ممکن نیست: «موافقت شد»" in strip_bidi(late.text)


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ("1405/08/29", "", "از امروز تا یک سال دیگر"),
        ("1406/09/05", "", "از امروز تا یک سال دیگر"),
        ("1405/09/05", "1405/09/04", "روز آخر پیش از روز اول است"),
        ("1405/09/01", "1405/11/01", "هر بار حداکثر ۶۰ روز"),
    ],
)
async def test_one_reason_is_said_of_leave_that_cannot_be_asked_for(
    site: Site, first: str, last: str, why: str
) -> None:
    clerk = await site.signed_in("clerk")
    form = form_at((await clerk.get(leave_of(site))).text, leave_of(site)).values

    back = strip_bidi((await clerk.post(leave_of(site), form | {"first": first, "last": last})).text)

    reasons = ("از امروز تا یک سال دیگر", "روز آخر پیش از روز اول است", "هر بار حداکثر ۶۰ روز")
    assert [each for each in reasons if each in back] == [why]


async def test_whose_role_begins_later_has_words_in_the_place_of_days(site: Site) -> None:
    member = await with_marshal(site)
    manager = await site.signed_in("manager")
    row = "کاوه دلیر(?:(?!</li>).)*"
    words = re.compile(f"{row}در این هفته روز کاری ندارد", re.DOTALL)
    assert words.search((await manager.get(duty(site))).text) is None

    def begin_later(session: WriteSession) -> None:
        role = session.scalars(select(RoleAssignment).where(RoleAssignment.staff_id == member)).one()
        role.valid_from = TODAY + timedelta(days=30)

    await site.storage.write(begin_later)

    page = (await manager.get(duty(site))).text
    assert words.search(page) is not None
    assert "هفتهٔ شنبه ۳۰ آبان ۱۴۰۵" in strip_bidi(page)


@pytest.mark.requirement("000-05", "M")
async def test_a_day_without_a_marshal_stands_where_the_manager_and_the_directorate_begin(site: Site) -> None:
    member = await with_marshal(site)
    manager, officer = await site.signed_in("manager"), await site.signed_in("province")
    await off(site, member, 1)
    own = [f"/today?office={site.world.office}", f"/offices/{site.world.office}"]
    assert not any([FLAG in strip_bidi((await manager.get(page)).text) for page in own])

    await site.storage.write(tell_of_days, id=site.world.office, now=NOW)

    flag = f"{FLAG}یکشنبه ۱ آذر ۱۴۰۵"
    assert all([flag in strip_bidi((await manager.get(page)).text) for page in own])
    assert FLAG not in strip_bidi((await (await site.signed_in("clerk")).get(own[0])).text)
    assert "به دفتر گفته شد" in strip_bidi((await officer.get("/capacity/marshals")).text)
    overview = strip_bidi((await (await site.signed_in("admin")).get("/overview")).text)
    assert "امروز یا فردا بدون مسئول انتظامات" in overview
    assert "روزهای بدون مسئول انتظامات به" in strip_bidi((await officer.get("/history")).text)
