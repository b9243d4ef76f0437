"""The answers after visits as staff see them: counts of months within reach, and whether and when people are asked."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import insert, select

from desk.afterwards.models import AfterCounts, AfterSetting
from desk.afterwards.rules import months_shown
from desk.capacity.models import Queue
from desk.figures.models import DayFigures
from desk.reading.folding import ascii_digits, strip_bidi
from desk.staff.models import RoleAssignment, StaffMember
from desk.staff.permissions import Role
from desk.storage.base import WriteSession
from tests import makers
from tests.backoffice.conftest import Browser, Site
from tests.backoffice.forms import form_at
from tests.backoffice.test_offices_as_a_file import sheet
from tests.makers import NOW

PATH, ASKING = "/after-visits", "/after-visits/asking"
MONTH = months_shown(NOW)[0]


async def filled(site: Site) -> None:
    """Twenty came to each of two offices: of the first ten answered, of the other, in another province, four."""

    def fill(session: WriteSession) -> None:
        queue = makers.make_queue(session, office=makers.make_office(session, province_code="IR-23", city="تهران"))
        for queue_id, answered in ((site.world.queue, 10), (queue.id, 4)):
            row = dict.fromkeys(("planned", "released", "taken", "free", "booked", "served", "absent"), 0)
            session.execute(
                insert(DayFigures), {**row, "queue_id": queue_id, "day": MONTH, "came": 20, "counted_at": NOW}
            )
            office_id = session.scalars(select(Queue.office_id).where(Queue.id == queue_id)).one()
            session.add(
                AfterCounts(
                    office_id=office_id,
                    month=MONTH,
                    answered=answered,
                    paid_told=answered,
                    overpaid=answered - 3,
                    copy_told=answered,
                    copied=2,
                    served_told=answered,
                    not_served=answered - 4,
                )
            )

    await site.storage.write(fill)


async def table(browser: Browser, query: str = "") -> list[list[str]]:
    """The cells of each row."""
    page = strip_bidi((await browser.get(f"{PATH}?{query}")).text)
    body = re.sub(r"\s+", " ", page[page.index("<tbody>") : page.index("</tbody>")])
    return [
        [ascii_digits(re.sub("<[^>]*>", "", each)).strip() for each in re.findall("<td>(.*?)</td>", line)]
        for line in body.split("<tr>")[1:]
    ]


@pytest.mark.requirement("002-02", "M")
async def test_an_office_sees_its_own_counts_without_those_that_could_lead_to_somebody(site: Site) -> None:
    await filled(site)
    [row] = await table(await site.signed_in("manager"))
    assert row == ["20", "10", "50٪", "7", "0", "0", "کمتر از 5", "0", "0"]


async def test_the_directorate_sees_all_in_its_scope_and_whom_the_record_contradicts(site: Site) -> None:
    await filled(site)
    [own] = await table(await site.signed_in("province"))
    assert own[-1] == "6", "recorded as served, and were not"
    both = await table(await site.signed_in("admin"))
    assert len(both) == 2
    assert ["20", "کمتر از 5", *["–"] * 9] in both


async def test_who_manages_an_office_beside_the_own_province_sees_it_not_of_that_office(site: Site) -> None:
    await filled(site)

    def also(session: WriteSession) -> None:
        member = session.scalars(select(StaffMember).where(StaffMember.username == "province")).one()
        there = session.scalars(select(AfterCounts).where(AfterCounts.answered == 4)).one()
        there.answered = there.served_told = 10
        there.not_served = 7
        session.add(RoleAssignment(staff_id=member.id, role=Role.OFFICE_MANAGER, office_id=there.office_id))

    await site.storage.write(also)
    rows = await table(await site.signed_in("province"))
    assert sorted(row[-1] for row in rows) == ["6", "–"]


async def test_the_list_is_put_in_order_by_each_column(site: Site) -> None:
    await filled(site)
    browser = await site.signed_in("admin")
    for column in ("answered", "overpaid"):
        for order in (column, f"-{column}"):
            rows = await table(browser, f"order={order}")
            assert [row[1] for row in rows] == ["10", "کمتر از 5"], "what is hidden stands last either way"
    page = (await browser.get(f"{PATH}?order=share")).text
    assert 'aria-sort="descending"' in page
    assert "order=-share" in page


async def test_a_month_that_still_changes_is_not_shown(site: Site) -> None:
    await filled(site)
    page = (await (await site.signed_in("admin")).get(f"{PATH}?month=2026-11-22")).text
    assert f'value="{MONTH.isoformat()}" selected' in page
    assert "2026-11-22" not in page


async def test_the_file_holds_what_the_page_shows_and_stands_in_the_history(site: Site) -> None:
    await filled(site)
    browser = await site.signed_in("admin")
    refused = await browser.post(f"{PATH}/export", {"month": MONTH.isoformat()})
    assert refused.status_code == 422
    answer = await browser.post(f"{PATH}/export", {"month": MONTH.isoformat(), "purpose": "report"})
    is_rtl, rows = sheet(answer, 1)
    assert is_rtl
    assert {ascii_digits(row[4]) for row in rows[2:-1]} == {"10", "کمتر از 5"}
    assert "به صورت فایل برد" in strip_bidi((await browser.get("/history?kind=after.export")).text)


async def test_the_province_says_whether_and_when_and_the_history_what_held(site: Site) -> None:
    browser = await site.signed_in("province")
    form = form_at((await browser.get(ASKING)).text, ASKING).values
    late = await browser.post(ASKING, form | {"ask_at": "20:01"})
    assert late.status_code == 422
    assert "۱۵:۰۰ تا ۲۰:۰۰" in strip_bidi(late.text)
    assert (await browser.post(ASKING, form | {"ask_at": "19:30"})).status_code == 303
    found = await site.storage.read(lambda s: s.scalars(select(AfterSetting)).one())
    assert (found.province_code, found.is_on, found.ask_at) == ("IR-30", True, 19 * 60 + 30)
    told = strip_bidi((await browser.get("/history?kind=after.setting")).text)
    assert "اکنون ساعت ۱۹:۳۰ می‌پرسیم؛ پیش از آن ساعت ۱۸:۰۰ می‌پرسیم" in told
    beyond = await browser.post(ASKING, form | {"province": "IR-23", "is_on": "off"})
    assert beyond.status_code in (403, 404)


async def test_an_office_does_not_set_it(site: Site) -> None:
    browser = await site.signed_in("manager")
    assert ASKING not in (await browser.get(PATH)).text
    assert (await browser.get(ASKING)).status_code in (403, 404)
