"""What was planned, released, booked, came and was served: by day, by week, for one office and for those in reach."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert

from backoffice.capacity.plot import HEIGHT, plot_of
from desk.capacity.models import Queue, QueueService
from desk.figures.course import Course, Period, by_week
from desk.figures.models import DayFigures
from desk.reading.folding import ascii_digits, strip_bidi
from desk.storage.base import WriteSession
from tests import makers
from tests.backoffice.conftest import Browser, Site
from tests.makers import NOW, TODAY

PATH = "/capacity/offices/course"
DAY = timedelta(days=1)


def row(queue: int, *, ahead: int, booked: int, came: int = 0, served: int = 0) -> dict[str, object]:
    counts = {"planned": 40, "released": 30, "taken": booked, "free": 30 - booked, "absent": 0}
    people = {"booked": booked, "came": came, "served": served}
    return {"day": TODAY + ahead * DAY, "queue_id": queue, "counted_at": NOW, **counts, **people}


async def filled(site: Site) -> int:
    """Three days at the first office, one at the other; the id of a service that only a third queue serves."""

    def fill(session: WriteSession) -> int:
        service = makers.make_service(session, title="تمدید کارت", short_title="تمدید")
        office = session.get_one(Queue, site.world.queue).office_id
        queue = Queue(office_id=office, name=session.get_one(Queue, site.world.queue).name)
        session.add(queue)
        session.flush()
        session.add(QueueService(queue_id=queue.id, service_id=service.id))
        session.flush()
        rows = [
            row(site.world.queue, ahead=-8, booked=20, came=15, served=12),
            row(site.world.queue, ahead=-1, booked=10, came=8, served=7),
            row(site.world.queue, ahead=1, booked=5),
            row(site.world.other_queue, ahead=-1, booked=3, came=3, served=1),
            row(queue.id, ahead=-1, booked=1, came=1, served=1),
        ]
        session.execute(insert(DayFigures), rows)
        return service.id

    return await site.storage.write(fill)


async def table(browser: Browser, query: str = "") -> list[list[str]]:
    """The figures of each row of the table, the sums last."""
    page = strip_bidi((await browser.get(f"{PATH}?{query}")).text)
    body = re.sub(r"\s+", " ", page[page.index("<tbody>") : page.index("</table>")])
    return [
        [ascii_digits(re.sub("<[^>]*>", "", each)) for each in re.findall("<td>(.*?)</td>", line)]
        for line in body.split("<tr")[1:]
    ]


@pytest.mark.requirement("000-13", "I")
async def test_places_turns_and_visits_stand_beside_each_other_by_day(site: Site) -> None:
    await filled(site)
    browser = await site.signed_in("admin")
    assert await table(browser, f"office={site.world.office}") == [
        ["40", "30", "20", "15", "12", "0"],
        ["80", "60", "11", "9", "8", "0"],
        ["40", "30", "5", "–", "–", "–"],
        ["120", "90", "31", "24", "20", "0"],
    ]
    assert (await table(browser))[1] == ["120", "90", "14", "12", "9", "0"]


async def test_the_set_is_narrowed_and_ends_where_the_scope_does(site: Site) -> None:
    service = await filled(site)
    admin, own = await site.signed_in("admin"), await site.signed_in("province")
    assert (await table(admin, "province=IR-09"))[0] == ["40", "30", "3", "3", "1", "0"]
    assert (await table(admin, f"service={service}"))[0] == ["40", "30", "1", "1", "1", "0"]
    assert (await table(own))[1] == ["80", "60", "11", "9", "8", "0"]
    assert (await own.get(f"{PATH}?office={site.world.other_office}")).status_code == 404


@pytest.mark.requirement("000-13", "I")
async def test_weeks_are_added_up_from_saturday(site: Site) -> None:
    await filled(site)
    rows = await table(await site.signed_in("admin"), f"by=week&office={site.world.office}")
    assert [each[2] for each in rows] == ["20", "11", "5", "31"]


async def test_a_plot_stands_beneath_and_needs_no_script(site: Site) -> None:
    await filled(site)
    browser = await site.signed_in("admin")
    page = (await browser.get(PATH)).text
    assert page.count('class="plot-served"') == 2 + 1, "two days that were, and the key"
    assert page.count('class="plot-booked"') == 3 + 1
    assert page.index('class="plot"') > page.index("</table>")


async def test_before_the_first_count_it_says_so(site: Site) -> None:
    page = (await (await site.signed_in("admin")).get(PATH)).text
    assert "هنوز چیزی شمرده نشده" in page
    assert '<svg class="plot"' not in page


def test_a_week_begins_on_saturday() -> None:
    """TODAY is a Saturday."""
    days = [Period(TODAY + n * DAY, TODAY + n * DAY, Course(booked=1)) for n in range(-3, 9)]
    assert [(each.first - TODAY, each.last - TODAY, each.course.booked) for each in by_week(days)] == [
        (-3 * DAY, -1 * DAY, 3),
        (0 * DAY, 6 * DAY, 7),
        (7 * DAY, 8 * DAY, 2),
    ]


def test_bars_lie_inside_each_other_and_below_the_top() -> None:
    day = Period(TODAY, TODAY, Course(planned=50, released=40, booked=30, came=20, served=10))
    plot = plot_of([day], today=TODAY)
    assert plot is not None
    (column,) = plot.columns
    heights = [bar.height for bar in column.bars]
    assert heights == sorted(heights, reverse=True)
    for outer, inner in zip(column.bars, column.bars[1:], strict=False):
        assert outer.x < inner.x
        assert inner.x + inner.width < outer.x + outer.width
    assert 0 < column.planned_y < column.bars[0].y < HEIGHT
    assert [level.number for level in plot.levels] == [0, 25, 50]
    assert plot_of([Period(TODAY, TODAY, Course())], today=TODAY) is None


async def test_the_days_of_an_office_lead_to_what_became_of_them(site: Site) -> None:
    clerk = await site.signed_in("clerk")
    address = f"{PATH}?office={site.world.office}"
    assert f'href="{address}"' in (await clerk.get(f"/capacity?office={site.world.office}")).text
    page = await clerk.get(address)
    assert page.status_code == 200
    assert "دفتر پیشخوان گلشهر" in page.text
