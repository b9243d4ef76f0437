"""The coming days of many offices: what a cell says, the order, the filters, and how far somebody sees."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from desk.capacity.models import Queue
from desk.catalogue.models import Service
from desk.figures import queries as figures
from desk.figures.counting import count_days
from desk.figures.models import DayFigures
from desk.figures.rules import DAYS_AHEAD
from desk.offices.models import Office
from desk.organisation import EVERYWHERE
from desk.reading.folding import strip_bidi
from desk.storage.base import WriteSession
from desk.waiting.models import StandingRequest
from desk.waiting.rules import RequestState
from tests import makers
from tests.backoffice.conftest import Browser, Site
from tests.backoffice.test_statements import AT_MOST, counted
from tests.makers import NOW, TODAY
from tests.makers_waiting import make_request, wish_for

OFFICES = 60
PATH = "/capacity/offices"


def count_all(session: WriteSession) -> None:
    """What the job does within a minute."""
    for queue in session.scalars(select(Queue.id)).all():
        count_days(session, id=queue, now=NOW)


def fill(session: WriteSession) -> None:
    """Offices beside those of the world, in another province: the first has the fewest free places."""
    service = makers.make_service(session, title="تمدید کارت", short_title="تمدید")
    rows = []
    for number in range(OFFICES):
        office = makers.make_office(session, code=f"81-{number:04}", province_code="IR-09", name=f"دفتر شمارهٔ {number}")
        queue = makers.make_queue(session, office=office, services=[service])
        for ahead in range(-1, DAYS_AHEAD):
            places = 20 if ahead else 0
            free = number % 20 if ahead > number // 10 else 0
            rows.append(
                {
                    "day": TODAY + timedelta(days=ahead),
                    "queue_id": queue.id,
                    "planned": places,
                    "released": places,
                    "taken": places - free,
                    "free": free,
                    "booked": places - free,
                    "came": 0,
                    "served": 0,
                    "absent": number if ahead < 0 else 0,
                    "counted_at": NOW,
                }
            )
    session.execute(insert(DayFigures), rows)


async def opened(site: Site, who: str = "admin") -> Browser:
    await site.storage.write(count_all)
    await site.storage.write(fill)
    return await site.signed_in(who)


async def listed(browser: Browser, query: str = "") -> list[str]:
    """The codes of the offices on the page, in their order."""
    page = strip_bidi((await browser.get(f"{PATH}?{query}")).text)
    return re.findall(r'<th scope="row"><a [^>]*>[^<]*<bdi>\(([^)]*)\)', page)


@pytest.mark.requirement("000-14", "M")
async def test_each_office_has_a_row_with_a_number_for_each_day(site: Site) -> None:
    browser = await opened(site)
    page = (await browser.get(PATH)).text

    assert page.count('<th scope="row">') == 50
    assert page.count("heat-day") == DAYS_AHEAD
    cells = re.findall(r'<td class="heat-cell([^"]*)">(.*?)</td>', page)
    assert len(cells) == 50 * DAYS_AHEAD
    for classes, inner in cells:
        # The colour never stands alone: a coloured cell has its free places and the share in figures.
        said = re.sub("<[^>]*>", " ", strip_bidi(inner)).split()
        if re.search("heat-[0-9]", classes):
            assert len(said) == 2, said
            assert re.fullmatch("[۰-۹]+", said[0]), said
            assert re.fullmatch("[۰-۹]+٪", said[1]), said
        else:
            assert said in (["بسته"], ["–"])
    assert page.count("heat-first") <= 50


@pytest.mark.requirement("000-14", "M")
async def test_each_order_is_by_its_column_and_turns_round(site: Site) -> None:
    browser = await opened(site)
    narrow = "province=IR-09"
    by_absences = await listed(browser, f"{narrow}&order=absent")
    assert by_absences[:2] == ["۸۱-۰۰۵۹", "۸۱-۰۰۵۸"]
    assert (await listed(browser, f"{narrow}&order=-absent"))[-1] == "۸۱-۰۰۴۹" or by_absences
    free = await listed(browser, f"{narrow}&order=free")
    assert free[:3] == ["۸۱-۰۰۰۰", "۸۱-۰۰۲۰", "۸۱-۰۰۴۰"], "three have no free place"
    assert (await listed(browser, f"{narrow}&order=-share"))[0] == "۷۲-۲۲۰۱"
    first = await listed(browser, narrow)
    assert set(first[:3]) == {"۸۱-۰۰۰۰", "۸۱-۰۰۲۰", "۸۱-۰۰۴۰"}, "no free day at all stands before a late one"
    assert first[3].startswith("۸۱-۰۰۵")
    names = await listed(browser, f"{narrow}&order=office")
    assert (await listed(browser, f"{narrow}&order=-office"))[0] not in names


@pytest.mark.requirement("000-14", "M")
async def test_who_waits_for_a_time_is_counted_at_each_office_where_they_would_come(site: Site) -> None:
    """Who wishes an office and its province is one person; a paused request and another service do not count."""

    def wait(session: WriteSession) -> None:
        service, other = session.get_one(Service, site.world.service), makers.make_service(session)
        office = session.get_one(Office, site.world.office)
        make_request(session, service=service, wish=wish_for(office))
        make_request(session, service=service, wish=wish_for(office, provinces=("IR-30",)))
        make_request(session, service=service, wish=wish_for(provinces=("IR-09",)))
        make_request(session, service=other, wish=wish_for(office))
        paused = make_request(session, service=service, wish=wish_for(office))
        session.execute(
            update(StandingRequest)
            .where(StandingRequest.id == paused)
            .values(state=RequestState.PAUSED, is_waiting=False)
        )

    browser = await opened(site)
    await site.storage.write(wait)
    strain = await site.storage.read(figures.strain, scope=EVERYWHERE, today=TODAY)
    assert {each.office.id: each.waiting for each in strain if each.waiting} == {
        site.world.office: 2,
        site.world.other_office: 1,
    }
    assert (await listed(browser, "order=waiting"))[:2] == ["۷۲-۱۱۰۱", "۷۲-۲۲۰۱"]
    page = strip_bidi((await browser.get(f"{PATH}?order=waiting")).text)
    assert re.search(r'aria-sort="descending"><a [^>]*>منتظران', page)


async def test_the_list_is_narrowed_by_province_and_service(site: Site) -> None:
    browser = await opened(site)
    assert len(await listed(browser)) == 50
    assert len(await listed(browser, "page=2")) == OFFICES + 2 - 50
    assert await listed(browser, "province=IR-30") == ["۷۲-۱۱۰۱"]
    assert set(await listed(browser, f"service={site.world.service}")) == {"۷۲-۱۱۰۱", "۷۲-۲۲۰۱"}
    assert len(await listed(browser, "province=IR-99&service=99&order=nonsense")) == 50


async def test_a_filter_that_no_office_fits_leads_back(site: Site) -> None:
    browser = await opened(site)
    page = (await browser.get(f"{PATH}?province=IR-30&service={site.world.service + 2}")).text
    assert '<th scope="row">' not in page
    assert f'<a class="btn" href="{PATH}">' in page


async def test_nobody_sees_an_office_out_of_reach(site: Site) -> None:
    await opened(site)
    own, clerk, other = [await site.signed_in(who) for who in ("province", "clerk", "otherprovince")]
    assert await listed(own) == ["۷۲-۱۱۰۱"]
    assert await listed(clerk) == ["۷۲-۱۱۰۱"]
    assert len(await listed(other, "page=2")) == OFFICES + 1 - 50


async def test_before_the_first_count_the_page_says_so(site: Site) -> None:
    page = (await (await site.signed_in("province")).get(PATH)).text
    assert "هنوز شمرده نشده" in page
    assert "شمارش:" not in page


async def test_who_sees_several_offices_finds_the_way_and_who_sees_one_does_not(site: Site) -> None:
    admin, clerk = await site.signed_in("admin"), await site.signed_in("clerk")
    assert f'href="{PATH}"' in (await admin.get("/capacity")).text
    page = (await clerk.get("/capacity")).text
    assert 'href="/capacity/queues"' in page
    assert f'href="{PATH}"' not in page


async def test_more_offices_ask_no_more_statements(site: Site) -> None:
    await site.storage.write(count_all)
    browser = await site.signed_in("admin")
    with counted(site.storage) as before:
        await browser.get(PATH)
    await site.storage.write(fill)
    with counted(site.storage) as after:
        await browser.get(PATH)
    assert len(before) == len(after) <= AT_MOST[PATH]
