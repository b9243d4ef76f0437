"""Names are seen inside one's own days; what leaves no line and what hangs at the door show none."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import or_, select, update

from desk.appointments.models import Appointment
from desk.events.models import Event
from desk.reading.folding import ascii_digits
from desk.storage.base import ReadSession, WriteSession
from tests.backoffice.conftest import Site
from tests.backoffice.test_history import plain
from tests.makers import TODAY, at

pytestmark = pytest.mark.sqlite

NAME = "گل‌آقا رحیمی"
REASON = "مراجع پشت باجه است و روزش را گم کرده"
PAGES_OF_ONE = ("back", "paper", "name", "phone")


def far(number: int) -> str:
    """The day so many days from today."""
    return (TODAY + timedelta(days=number)).isoformat()


async def moved(site: Site, *, days: int) -> str:
    """The first turn of the world stands on another day, at an odd minute, which is returned as it is shown."""

    def move(session: WriteSession) -> None:
        session.execute(
            update(Appointment)
            .where(Appointment.id == site.world.appointments[0])
            .values(day=TODAY + timedelta(days=days), starts_at=at(hour=7) + timedelta(days=days, minutes=13))
        )

    await site.storage.write(move)
    return "10:43"


async def code_of_first(site: Site) -> str:
    """The digits of the code of the first turn of the world."""

    def code(session: ReadSession) -> str:
        return session.get_one(Appointment, site.world.appointments[0]).code

    return await site.storage.read(code)


@pytest.mark.parametrize("days", [-180, -2, 30])
async def test_going_through_the_days_of_a_year_shows_nobody(site: Site, days: int) -> None:
    """The attack: the day in the address is counted up and down, as page and as piece, with a search and without."""
    await moved(site, days=days)
    browser = await site.signed_in("clerk")
    for headers in ({}, {"hx-request": "true"}):
        for query in ("", "&q=گل", "&q=رحیمی"):
            text = (
                await browser.get(f"/today?office={site.world.office}&day={far(days)}{query}", headers=headers)
            ).text
            assert NAME not in text
    sent = {"office": str(site.world.office), "day": far(days), "q": "گل"}
    assert NAME not in (await browser.post("/today/search", sent, headers={"hx-request": "true"})).text
    for address in (f"/today/{site.world.appointments[0]}", f"/today/{site.world.appointments[0]}/back"):
        assert NAME not in (await browser.get(address, headers={"hx-request": "true"})).text


async def seen_of_first(site: Site) -> int:
    """How many lines of the history name the first turn of the world as seen."""
    await site.written_down()
    subject = f"appointment:{site.world.appointments[0]}"

    def lines(session: ReadSession) -> int:
        events = session.scalars(select(Event).where(or_(Event.kind.like("%read"), Event.kind.like("%found"))))
        return sum(subject in (event.subject, *event.others) for event in events)

    return await site.storage.read(lines)


@pytest.mark.parametrize("days", [-180, 30])
async def test_no_address_tells_the_time_of_a_turn_outside_of_the_own_days(site: Site, days: int) -> None:
    """The attack: ids counted up in the address of another phone gave code and time of all appointments of an office,
    and the list for the door the times and the ends of all codes of any day, without a line in the history."""
    when = await moved(site, days=days)
    code = await code_of_first(site)
    turn = f"/today/{site.world.appointments[0]}"
    browser = await site.signed_in("clerk")
    for address in (turn, *(f"{turn}/{each}" for each in PAGES_OF_ONE), f"/today/door?day={far(days)}"):
        for headers in ({}, {"hx-request": "true"}):
            answer = await browser.get(address, headers=headers)
            said = ascii_digits(answer.text + answer.headers.get("location", "")).replace(" ", "")
            assert when not in said, address
            assert code not in said, address
            assert code[-3:] not in said.split("<main")[-1].split("</main")[0] or answer.status_code >= 400, address
    wrong = await browser.post(f"{turn}/phone", {"number": "P76543210"})
    assert wrong.status_code == 422
    assert when not in ascii_digits(wrong.text)
    assert await seen_of_first(site) == 0


async def test_within_the_own_days_the_time_of_a_turn_leaves_its_line(site: Site) -> None:
    await moved(site, days=0)
    code = await code_of_first(site)
    browser = await site.signed_in("clerk")
    for number, address in enumerate((f"/today/{site.world.appointments[0]}/phone", "/today/door"), start=1):
        assert code[-3:] in ascii_digits((await browser.get(address)).text).replace(" ", "")
        assert await seen_of_first(site) == number


async def test_a_reason_opens_the_day_and_stands_in_the_history(site: Site) -> None:
    await moved(site, days=30)
    browser = await site.signed_in("clerk")
    address = f"/today?office={site.world.office}&day={far(30)}"
    before = (await browser.get(address)).text
    assert 'action="/today/open"' in before
    asked = {"office": str(site.world.office), "day": far(30), "reason": "کار"}
    short = await browser.post("/today/open", asked)
    assert short.status_code == 422
    assert "aria-invalid" in short.text
    assert NAME not in short.text
    opened = await browser.post("/today/open", asked | {"reason": REASON})
    assert opened.headers["location"] == address
    assert NAME in (await browser.get(address)).text
    told = plain((await (await site.signed_in("province")).get("/history?kind=taken")).text)
    assert "مریم کاظمی نام‌های یک روز دیگر را" in told
    assert REASON in told


@pytest.mark.requirement("000-03", "M")
async def test_a_printed_list_with_names_says_who_opened_it_and_when(site: Site) -> None:
    text = plain((await (await site.signed_in("clerk")).get("/today")).text)
    assert "باز شده با حساب مریم کاظمی (clerk)، شنبه ۳۰ آبان، ساعت ۹:۳۰" in text
    assert "باز شده با حساب" not in (await (await site.signed_in("clerk")).get("/today/door")).text


@pytest.mark.parametrize(
    ("username", "days", "said"),
    [("clerk", 30, "تا روز کاری بعدی دفتر"), ("manager", 30, "از یک هفته پیش"), ("admin", 0, "با نوشتن دلیل")],
)
async def test_the_page_says_which_days_are_the_readers_own(site: Site, username: str, days: int, said: str) -> None:
    await moved(site, days=days)
    browser = await site.signed_in(username)
    text = (await browser.get(f"/today?office={site.world.office}&day={far(days)}")).text

    sentences = ("تا روز کاری بعدی دفتر", "از یک هفته پیش", "با نوشتن دلیل")
    assert [each for each in sentences if each in text] == [said]


async def test_the_door_has_times_and_numbers_and_nobody(site: Site) -> None:
    """The attack: the list that hung at the door named who came, with the last four of the paper."""
    page = (await (await site.signed_in("clerk")).get("/today/door")).text

    def codes(session: ReadSession) -> list[str]:
        return list(session.scalars(select(Appointment.code).where(Appointment.day == TODAY)))

    list_of_day = page.split('class="door')[1]
    for code in await site.storage.read(codes):
        assert code not in list_of_day
    assert "رحیمی" not in page
    assert "کارت" not in list_of_day
    assert "…" not in list_of_day
    numbers = re.findall(r'class="door-number" dir="ltr">([۰-۹]+)<', page)
    assert len(numbers) == len(set(numbers)) > 3
    assert all(len(number) >= 3 for number in numbers)


async def test_a_copied_session_reads_for_itself(site: Site) -> None:
    """The attack: within ten minutes of the clerk's own look, a second browser of the account left no line."""
    address = f"/today?office={site.world.office}"
    for _ in range(2):
        await (await site.signed_in("clerk")).get(address)
    await site.written_down()

    def lines(session: ReadSession) -> int:
        return len(session.scalars(select(Event.id).where(Event.kind == "day.read")).all())

    assert await site.storage.read(lines) == 2


async def test_what_only_leads_on_is_a_look_too(site: Site) -> None:
    """The attack: an appointment's address leads to its office and day, a code's to its case, without a line."""
    browser = await site.signed_in("clerk")
    answer = await browser.get(f"/today/{site.world.appointments[1]}")
    assert answer.status_code == 303
    await site.written_down()

    def seen(session: ReadSession) -> list[list[str]]:
        return list(session.scalars(select(Event.others).where(Event.kind == "page.read")))

    assert await site.storage.read(seen) == [[f"appointment:{site.world.appointments[1]}"]]


async def test_a_file_says_who_took_it_when_and_what_for(site: Site) -> None:
    browser = await site.signed_in("admin")
    await browser.get("/history")
    await site.written_down()
    without = await browser.post("/history/export", {})
    assert without.status_code == 422
    other = await browser.post("/history/export", {"purpose": "other"})
    assert other.status_code == 422
    assert "csv" not in other.headers["content-type"]
    file = (await browser.post("/history/export", {"purpose": "other", "words": "نمونه برای آموزش"})).text.splitlines()
    assert file[0].lstrip("\ufeff") == file[-1]
    assert all(word in file[0] for word in ("سارا یوسفی (admin)", "۳۰ آبان ۱۴۰۵", "نمونه برای آموزش"))

    def noted(session: ReadSession) -> list[dict[str, object]]:
        rows = session.scalars(select(Event).where(Event.kind == "history.export"))
        return [{name: row.data.get(name) for name in ("purpose", "reason")} for row in rows]

    assert await site.storage.read(noted) == [{"purpose": "other", "reason": "نمونه برای آموزش"}]
