"""Who keeps order and the alarm of a crowd on their pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from desk.figures.counting import count_days
from desk.marshals.models import CrowdAlarm, MarshalShift
from desk.offices.models import Office
from desk.reading.folding import strip_bidi
from desk.staff.permissions import Role
from desk.storage.base import ReadSession, WriteSession
from tests.backoffice.conftest import Site
from tests.backoffice.forms import form_at
from tests.makers import NOW, TODAY, make_staff

pytestmark = pytest.mark.sqlite

NOW_PIECE = "/capacity/crowds/now"


def today(site: Site) -> str:
    return f"/today?office={site.world.office}"


def here(site: Site) -> str:
    return f"/capacity/{site.world.office}/order"


async def shifts(site: Site) -> list[tuple[int, bool]]:
    def read(session: ReadSession) -> list[tuple[int, bool]]:
        rows = session.execute(select(MarshalShift.staff_id, MarshalShift.ended_at).order_by(MarshalShift.id))
        return [(staff_id, ended_at is None) for staff_id, ended_at in rows]

    return await site.storage.read(read)


@pytest.mark.requirement("000-05", "S")
async def test_a_shift_begins_and_ends_with_a_press_and_stands_on_the_list_of_the_day(site: Site) -> None:
    clerk = await site.signed_in("clerk")
    page = (await clerk.get(today(site))).text
    assert "هنوز کسی انتظامات را به عهده نگرفته است" in page
    values = form_at(page, here(site)).values
    begun = await clerk.post(here(site), values | {"do": "begin"})
    assert begun.headers["location"] == today(site)
    assert await shifts(site) == [(site.world.clerk, True)]
    manager = await site.signed_in("manager")
    seen = strip_bidi((await manager.get(today(site))).text)
    assert "مریم کاظمی</bdi> از ساعت" in seen
    site.clock.move(timedelta(hours=2))
    values = form_at((await clerk.get(today(site))).text, here(site)).values
    await clerk.post(here(site), values | {"do": "end"})
    assert await shifts(site) == [(site.world.clerk, False)]
    assert "مریم کاظمی" in (await clerk.get(here(site))).text
    other_day = f"{today(site)}&day={(TODAY - timedelta(days=1)).isoformat()}"
    assert 'value="begin"' not in (await clerk.get(other_day)).text


@pytest.mark.requirement("000-05", "M")
async def test_a_crowd_stands_above_the_pages_of_those_who_are_told_until_each_has_seen_it(site: Site) -> None:
    clerk, manager, officer = (
        await site.signed_in("clerk"),
        await site.signed_in("manager"),
        await site.signed_in("province"),
    )
    beyond = await site.signed_in("otherprovince")

    def before(session: WriteSession) -> None:
        session.execute(update(CrowdAlarm).values(raised_at=NOW - timedelta(days=3)))

    await site.storage.write(before)
    assert "ازدحام" not in (await manager.get(NOW_PIECE)).text
    values = form_at((await clerk.get(today(site))).text, here(site)).values
    assert (await clerk.post(here(site), values | {"do": "crowd"})).status_code == 303
    again = await clerk.post(
        here(site), form_at((await clerk.get(today(site))).text, here(site)).values | {"do": "crowd"}
    )
    assert again.status_code == 409
    assert "بعد از یک ربع دوباره بزنید" in again.text

    for who in (manager, officer):
        assert "ازدحام" in (await who.get(NOW_PIECE)).text
    assert "ازدحام" not in (await beyond.get(NOW_PIECE)).text
    assert 'data-from="/capacity/crowds/now"' in (await manager.get("/capacity/queues")).text
    assert 'data-from="/capacity/crowds/now"' not in (await clerk.get(today(site))).text
    for page in ("/capacity/crowds", here(site)):
        assert "هنوز کسی ندیده" in (await manager.get(page)).text
    piece = (await manager.get(NOW_PIECE)).text
    [address] = [part.split('"')[0] for part in piece.split('action="')[1:]]
    assert (await manager.post(address, form_at(piece, address).values)).status_code == 303
    assert "ازدحام" not in (await manager.get(NOW_PIECE)).text
    assert "ازدحام" in (await officer.get(NOW_PIECE)).text
    listed = strip_bidi((await officer.get("/capacity/crowds")).text)
    assert "مریم کاظمی" in listed
    assert "۱ نفر دیدند" in listed


@pytest.mark.requirement("000-06", "M")
async def test_the_directorate_sees_by_province_who_has_no_marshal_tomorrow(site: Site) -> None:
    def make(session: WriteSession) -> int:
        for queue in (site.world.queue, site.world.other_queue):
            count_days(session, id=queue, now=NOW)
        return make_staff(session, name="کاوه", role=Role.MARSHAL, office=session.get_one(Office, site.world.office)).id

    officer, admin = await site.signed_in("province"), await site.signed_in("admin")
    assert "بدون مسئول انتظامات در فردا: ۰" in strip_bidi((await officer.get("/capacity/crowds")).text)
    member = await site.storage.write(make)
    assert "بدون مسئول انتظامات در فردا: ۰" in strip_bidi((await officer.get("/capacity/crowds")).text)
    duty = f"/capacity/{site.world.office}/duty"
    manager = await site.signed_in("manager")
    values = form_at((await manager.get(duty)).text, duty).values
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    await manager.post(duty, values | {"off": [f"{member}:{tomorrow}"]})
    page = strip_bidi((await officer.get("/capacity/crowds")).text)
    assert "بدون مسئول انتظامات در فردا: ۱" in page
    assert "البرز" in page
    assert f"/capacity/{site.world.office}/duty?day={tomorrow}" in page
    assert "البرز" in strip_bidi((await admin.get("/capacity/crowds")).text)


async def test_the_manager_writes_down_a_shift_that_nobody_pressed(site: Site) -> None:
    manager = await site.signed_in("manager")
    to = f"{here(site)}/shifts"
    values = form_at((await manager.get(here(site))).text, to).values
    typed = {"who": str(site.world.clerk), "day": "1405/08/29", "begins": "8:00", "ends": "12:00"}
    wrong = await manager.post(to, values | typed | {"ends": "7:00"})
    assert wrong.status_code == 422
    assert 'id="ends-reasons"' in wrong.text
    assert await shifts(site) == []
    assert (await manager.post(to, form_at(wrong.text, to).values | typed)).status_code == 303
    assert await shifts(site) == [(site.world.clerk, False)]
    twice = await manager.post(to, form_at((await manager.get(here(site))).text, to).values | typed)
    assert twice.status_code == 422
    assert 'id="begins-reasons"' in twice.text
    clerk = await site.signed_in("clerk")
    assert f'action="{to}"' not in (await clerk.get(here(site))).text
