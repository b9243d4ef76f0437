"""Every page that shows a name, a case or a voice note is recorded: also a single row, and a form that comes back."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, select

from backoffice import readings
from backoffice.appointments import day_list
from backoffice.routes import ROUTES
from backoffice.web.routing import Route
from desk.events.models import Event
from desk.storage.base import ReadSession
from tests.backoffice.asked_of_people import asked_of_people
from tests.backoffice.conftest import Browser, Site
from tests.backoffice.test_routes import filled

pytestmark = pytest.mark.sqlite

PERSONAL = ("گل‌آقا رحیمی", "فاطمه محمدی", "نورالله حسینی", "شیرین‌گل احمدزی", "رسید ندادند", "خانواده بیایند", "OggS")
"""The people of the small world, what they wrote, and the beginning of what one said."""
OF_AN_OFFICE = {"/today", "/today/door", "/changes"}
"""Lists of one office, which the address names."""
SHOWS_NOTHING = {
    "GET /today/{appointment:int}/slip": "a slip names nobody, and shows no digit of a paper",
    "GET /today/{appointment:int}/phone": "says nothing of a turn outside of one's days: test_own_days.py",
    **dict.fromkeys(
        (
            "GET /capacity/worksheets/{worksheet:int}",
            "GET /capacity/{office:int}/worksheet",
            "GET /capacity/{office:int}/queues/{queue:int}/worksheet",
        ),
        "reads the minutes of many visits, and shows how long most took",
    ),
    "GET /outcomes": "counts by office and day how many turns have no outcome",
    "GET /outcomes/offices/{office:int}": "whoever records nothing there sees how many there are",
}
"""Pages that ask of somebody and may show nothing of it, with the reason."""
SENT = {"do": "come_back", "from": "list", "text": "", "state": "rubbish", "q": "گل", "way": "phone"}
"""What a curious person may send: forms that are refused, and so come back with all that stands on their page."""


async def log(site: Site) -> list[tuple[str, str]]:
    def read(session: ReadSession) -> list[tuple[str, str]]:
        return [
            (row.kind, ":".join((row.subject, *([row.data["day"]] if "day" in row.data else []))))
            for row in session.scalars(select(Event).order_by(Event.id))
        ]

    await site.written_down()
    return await site.storage.read(read)


async def length_of_log(site: Site) -> int:
    """How many events are written, without reading what they say."""
    await site.written_down()
    return await site.storage.read(lambda session: session.scalar(select(func.count()).select_from(Event)) or 0)


async def answer_of(browser: Browser, route: Route, address: str, headers: dict[str, str]) -> httpx.Response:
    """What the address answers, without following where it leads."""
    if route.method == "GET":
        return await browser.get(address, headers=headers)
    return await browser.post(address, SENT, headers=headers)


@pytest.mark.requirement("000-03", "M")
@pytest.mark.parametrize("who", ["officer", "manager", "province", "admin"])
async def test_no_page_shows_anything_of_people_that_is_not_written_down(
    site: Site, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    monkeypatch.setattr(readings, "AGAIN_AFTER", timedelta(0))  # a page that stays open is noted seldom
    browser = await site.signed_in(who)
    silent, open_ones, asked_for = [], 0, 0
    for route in sorted(ROUTES, key=lambda each: each.method):
        if route.path in {"/live", "/sign-out"}:
            continue
        address = filled(route, site) + (f"?office={site.world.office}" if route.path in OF_AN_OFFICE else "")
        of_the_question = address.replace(f"/inbox/{site.world.complaint}", f"/inbox/{site.world.question}")
        for each in dict.fromkeys((address, of_the_question)):
            for headers in ({}, {"hx-request": "true"}):
                before = await length_of_log(site)
                with asked_of_people(site.storage) as asked:
                    answer = await answer_of(browser, route, each, headers)
                shown = [words for words in PERSONAL if words in answer.text]
                open_ones += bool(shown)
                looked = asked and (route.method == "GET" or route.may_repeat) and answer.status_code < 400
                asked_for += bool(looked)
                if looked and route.name not in SHOWS_NOTHING:
                    shown.append(asked[0])
                if shown and await length_of_log(site) == before:
                    silent.append((route.name, each, headers, shown))
    assert open_ones > 8, "the walk met nobody: the test looks at the wrong places"
    assert asked_for > 20, "the walk saw no statement: a table or a column has another name now"
    assert silent == []


async def test_going_through_the_rows_one_by_one_is_reading_the_list(site: Site) -> None:
    browser = await site.signed_in("clerk")
    today = ("day.read", f"office:{site.world.office}:2026-11-21")
    for appointment in site.world.appointments:
        await browser.get(f"/today/{appointment}", headers={"hx-request": "true"})
    assert (await log(site)).count(today) == 1
    site.clock.move(timedelta(minutes=11))
    await browser.get(f"/today/{site.world.appointments[0]}/back")
    assert (await log(site)).count(today) == 2


async def test_a_refused_form_on_a_case_is_a_reading_of_the_case(site: Site) -> None:
    browser = await site.signed_in("officer")
    answer = await browser.post(f"/inbox/{site.world.question}/note", {"text": ""})
    assert answer.status_code == 422
    assert "خانواده بیایند" in answer.text
    assert ("case.read", f"case:{site.world.question}") in await log(site)


async def test_listening_to_a_voice_is_written_down_once_however_the_player_asks(site: Site) -> None:
    browser = await site.signed_in("province")
    address = f"/inbox/{site.world.complaint}/voice/{site.world.voice_entry}"
    for part in ("bytes=0-1", "bytes=0-", "bytes=2-"):
        await browser.get(address, headers={"range": part})
    assert (await log(site)).count(("case.heard", f"entry:{site.world.voice_entry}")) == 1


async def test_a_page_that_names_nothing_is_noted_by_its_rows(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that does not say whom it shows is recorded by the rows that its queries returned."""
    monkeypatch.setattr(day_list, "reading_of", lambda *_args: None)
    browser = await site.signed_in("clerk")
    await browser.get(f"/today?office={site.world.office}")
    await site.written_down()

    def noted(session: ReadSession) -> list[tuple[str, str, list[str]]]:
        rows = session.scalars(select(Event).where(Event.kind == "page.read"))
        return [(row.subject, row.data["page"], row.others) for row in rows]

    [(subject, page, shown)] = await site.storage.read(noted)
    assert (subject, page) == ("page:/today", "/today")
    assert set(shown) == {f"appointment:{appointment}" for appointment in site.world.appointments}


async def test_within_ten_minutes_only_whom_one_had_not_seen_is_written_again(site: Site) -> None:
    browser = await site.signed_in("clerk")
    address = f"/today?office={site.world.office}"
    await browser.get(f"{address}&q=گل‌آقا")
    await browser.get(address)
    await browser.get(address)
    await site.written_down()

    def noted(session: ReadSession) -> list[list[str]]:
        return list(session.scalars(select(Event.others).where(Event.kind == "day.read").order_by(Event.id)))

    first, second = await site.storage.read(noted)
    assert 0 < len(first) < len(site.world.appointments)
    assert set(first).isdisjoint(second)
    assert {*first, *second} == {f"appointment:{appointment}" for appointment in site.world.appointments}


async def test_opening_a_case_is_written_before_it_is_shown(site: Site) -> None:
    browser = await site.signed_in("officer")
    await browser.get(f"/inbox/{site.world.question}")

    def noted(session: ReadSession) -> list[str]:
        return list(session.scalars(select(Event.subject).where(Event.kind == "case.read")))

    assert await site.storage.read(noted) == [f"case:{site.world.question}"]


async def test_what_could_not_be_written_waits(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = await site.signed_in("clerk")
    await browser.get(f"/today?office={site.world.office}")
    write = site.storage.write

    async def fails(*_args: object, **_named: object) -> None:
        raise OSError

    monkeypatch.setattr(site.storage, "write", fails)
    await site.written_down()
    monkeypatch.setattr(site.storage, "write", write)
    assert "day.read" in {kind for kind, _ in await log(site)}
