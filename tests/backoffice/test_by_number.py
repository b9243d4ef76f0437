"""A search by the number of a paper finds the person's appointments on any day within the scope, is recorded, and is
in no address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import select

from backoffice.appointments import search
from desk.appointments import queries
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.capacity.models import Queue
from desk.catalogue.models import Service
from desk.events.models import Event
from desk.organisation import EVERYWHERE, Scope
from desk.people.models import Person
from desk.people.rules import DocumentKind
from desk.staff.models import StaffMember
from desk.staff.number_search import MOST_MISSES
from desk.storage.base import ReadSession, WriteSession
from desk.visits import windows
from tests import makers
from tests.backoffice import test_statements
from tests.backoffice.conftest import IDENTITY_KEY, Browser, Site
from tests.backoffice.forms import form_at
from tests.backoffice.test_statements import counted
from tests.backoffice.world import World
from tests.weak_hashes import digest

NUMBER = "P01234567"
NAME = "گل‌نسا وفایی"
FOUND = 'class="found-appointment"'
"""An appointment that was found, with its name or, outside the own days, without."""
DAY = timedelta(days=1)
SEARCH = "/today/search"


def book(session: WriteSession, *, queue: int, service: int, days: int, person: Person, state: AppointmentState) -> int:
    """An appointment at 7:00 that many days from today."""
    slot = makers.make_slot(
        session, queue=session.get_one(Queue, queue), starts_at=makers.at(hour=7, minute=1) + days * DAY
    )
    return makers.make_appointment(
        session,
        slot=slot,
        service=session.get_one(Service, service),
        person=person,
        conversation=makers.make_conversation(session),
        person_name=NAME,
        state=state,
    ).id


def furnish(session: WriteSession, *, world: World, only_there: bool = False) -> list[int]:
    """Somebody with appointments here twelve days ago and in nine, one cancelled, one at the other office in five."""
    mark = digest(NUMBER, kind=DocumentKind.PASSPORT, key=IDENTITY_KEY)
    person = makers.make_person(session, identity_hash=mark.hash, last4=mark.last4)
    there = book(
        session, queue=world.other_queue, service=world.service, days=5, person=person, state=AppointmentState.SERVED
    )
    if only_there:
        return [there]
    here = [
        book(session, queue=world.queue, service=world.service, days=days, person=person, state=state)
        for days, state in (
            (-12, AppointmentState.ABSENT),
            (9, AppointmentState.BOOKED),
            (3, AppointmentState.CANCELLED_BY_PERSON),
        )
    ]
    return [*here, there]


async def booked(site: Site, *, only_there: bool = False) -> list[int]:
    """The person of `furnish` in the database of the site."""
    return await site.storage.write(furnish, world=site.world, only_there=only_there)


async def sought(browser: Browser, typed: str, **more: str) -> httpx.Response:
    """What is typed into the search of the day's list and sent with Enter."""
    page = await browser.client.get("/today", follow_redirects=True)
    form = form_at(page.text, SEARCH)
    return await browser.client.post(SEARCH, data={**form.values, "q": typed, **more})


def logged(session: ReadSession, *actions: str) -> list[tuple[str, str]]:
    """The events of these kinds."""
    rows = select(Event.kind, Event.subject).where(Event.kind.in_(actions)).order_by(Event.id)
    return [(action, subject) for action, subject in session.execute(rows)]


def misses(session: ReadSession, *, who: str = "clerk") -> int:
    """The number of failed searches of this account."""
    return session.scalars(select(StaffMember.number_misses).where(StaffMember.username == who)).one()


SPELLINGS = ["P01234567", "p 0123-4567", "P۰۱۲۳ ۴۵۶۷", "p٠١٢٣\u2011٤٥٦٧", "P/0123\u200c4567"]


@pytest.mark.parametrize("typed", SPELLINGS)
async def test_a_number_finds_every_appointment_within_reach_on_any_day(site: Site, typed: str) -> None:
    past, ahead, cancelled, there = await booked(site)
    browser = await site.signed_in("clerk")

    answer = await sought(browser, typed)

    assert answer.status_code == 200
    assert answer.text.count(FOUND) == 3
    for each in ("دوشنبه ۱۸ آبان ۱۴۰۵", "دوشنبه ۹ آذر", "دفتر پیشخوان گلشهر"):
        assert each in answer.text
    ways = re.findall(r'href="/today\?office=(\d+)&amp;day=([\d-]+)#appointment-(\d+)"', answer.text)
    assert [int(appointment) for _office, _day, appointment in ways] == [ahead, past]
    page = await (await site.signed_in("manager")).get(f"/today?office={ways[0][0]}&day={ways[0][1]}")
    assert f'id="appointment-{ahead}"' in page.text
    assert "دفتر کفالت طرق" not in answer.text
    read = await site.storage.read(logged, "appointment.found", "appointment.not_found")
    assert sorted(read) == sorted(
        ("appointment.found", f"appointment:{appointment}") for appointment in (past, ahead, cancelled)
    )
    assert f"appointment:{there}" not in str(read)


@pytest.mark.sqlite
async def test_whoever_reaches_both_offices_finds_both(site: Site) -> None:
    await booked(site)

    whole = await sought(await site.signed_in("admin"), NUMBER)
    there = await sought(await site.signed_in("otherclerk"), NUMBER)

    assert whole.text.count(FOUND) == 4
    assert there.text.count(FOUND) == 1


async def test_outside_reach_is_answered_like_nobody(site: Site) -> None:
    def same(page: str) -> str:
        return re.sub(r'name="_(token|key)" value="[^"]*"', "", page)

    browser = await site.signed_in("clerk")
    nobody = await sought(browser, NUMBER)
    await booked(site, only_there=True)

    outside = await sought(browser, NUMBER)

    assert "کسی پیدا نشد" in nobody.text
    assert "۴۵۶۷" in nobody.text
    assert same(outside.text) == same(nobody.text)
    read = await site.storage.read(logged, "appointment.found", "appointment.not_found")
    assert read == [("appointment.not_found", f"staff:{site.world.clerk}")] * 2
    assert await site.storage.read(misses) == 2


@pytest.mark.sqlite
async def test_without_the_scope_the_other_office_would_show(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the guard: with the nation's scope in the query, the same clerk reads the appointment."""
    ask = queries.by_identity

    def anywhere(session: WriteSession, *, hashes: Sequence[str], scope: Scope, limit: int) -> Any:
        return ask(session, hashes=hashes, scope=EVERYWHERE, limit=limit)

    monkeypatch.setattr(windows, "by_identity", anywhere)
    await booked(site, only_there=True)

    assert FOUND in (await sought(await site.signed_in("clerk"), NUMBER)).text


@pytest.mark.sqlite
@pytest.mark.parametrize("known", [True, False])
async def test_the_number_stands_in_no_address_no_page_and_no_log(
    site: Site, known: bool, caplog: pytest.LogCaptureFixture
) -> None:
    if known:
        await booked(site)
    browser = await site.signed_in("clerk")
    page = (await browser.get("/today")).text
    form = form_at(page, SEARCH)

    answer = await sought(browser, NUMBER)

    # Whatever the page would do with the field by itself is a POST, too.
    [field] = re.findall(r'<input[^>]* id="q"[^>]*>', page)
    assert (form.method, "hx-get" in field, f'hx-post="{SEARCH}"' in field) == ("post", False, True)
    assert 'autocomplete="off"' in field
    assert "location" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    assert "1234567" not in answer.text.upper() + str(answer.headers).upper() + caplog.text.upper()
    assert 'id="appointments" data-live' not in answer.text  # else the next look would wipe the answer
    entries = await site.storage.read(lambda session: session.scalars(select(Event)).all())
    assert not any("1234567" in f"{each.subject} {each.data}" for each in entries)
    led = await browser.get(SEARCH)
    assert led.headers["location"] == "/today"


@pytest.mark.sqlite
async def test_a_name_is_led_to_an_address_that_can_be_opened_again(site: Site) -> None:
    browser = await site.signed_in("clerk")

    answer = await sought(browser, "فاطمه")
    page = await browser.get(answer.headers["location"])

    assert answer.status_code == 303
    assert "q=%D9%81" in answer.headers["location"]
    assert page.text.count("data-row") == 2
    assert (await sought(browser, " ")).headers["location"].startswith("/today?office=")


@pytest.mark.sqlite
async def test_while_one_types_only_the_list_is_searched(site: Site) -> None:
    await booked(site)
    browser = await site.signed_in("clerk")

    pieces = [
        await browser.post(SEARCH, {"q": typed}, headers={"hx-request": "true"}) for typed in ("P0123", NUMBER, "4835")
    ]

    assert all(FOUND not in piece.text for piece in pieces)
    assert "«جستجو» را بزنید" in pieces[1].text
    assert pieces[2].text.count("data-row") >= 1
    assert await site.storage.read(logged, "appointment.found", "appointment.not_found") == []
    assert await site.storage.read(misses) == 0


@pytest.mark.sqlite
async def test_sent_in_place_it_is_answered_as_a_piece(site: Site) -> None:
    """Nothing of the number stays in the browser's history, for «back» or after a restart."""
    await booked(site)
    browser = await site.signed_in("clerk")
    field = re.findall(r"<form[^>]* data-find[^>]*>", (await browser.get("/today")).text)
    headers = {"hx-request": "true"}

    found = await browser.post(SEARCH, {"q": NUMBER, "sent": "1"}, headers=headers)
    unread = await browser.post(SEARCH, {"q": "१२३४५६", "sent": "1"}, headers=headers)
    name = await browser.post(SEARCH, {"q": "فاطمه", "sent": "1"}, headers=headers)

    assert f'hx-post="{SEARCH}"' in field[0]
    assert found.text.count(FOUND) == 3
    assert [found.status_code, unread.status_code, name.status_code] == [200, 200, 200]
    section = unread.text.partition('<section id="appointments"')[2]
    assert "رقم‌ها را مانند" in section
    assert 'role="alert"' in section
    assert name.text.count("data-row") == 2


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ("१२३४५६", 422, "رقم‌ها را مانند"),
        ("1" * 41, 422, "خوانده نشد"),
        ("P0123\u31644567", 422, "خوانده نشد"),
        ("الف " * 80, 422, "خوانده نشد"),
        ("77", 200, "در این روز نوبتی نیست"),
    ],
    ids=["digits of another script", "too long", "unseen letter", "very long", "two digits"],
)
async def test_what_is_no_number_is_said_at_the_field(site: Site, typed: str, status: int, said: str) -> None:
    # On a day without appointments: two digits may stand in the code of anybody who is on a list.
    answer = await sought(await site.signed_in("clerk"), typed, day="1406/01/05")

    assert answer.status_code == status
    assert said in answer.text
    assert ('aria-invalid="true"' in answer.text) == (status == 422)
    assert await site.storage.read(misses) == 0


async def test_nobody_can_try_a_list_of_numbers(site: Site) -> None:
    await booked(site)
    browser = await site.signed_in("clerk")
    form = form_at((await browser.get("/today")).text, SEARCH).values

    async def tried(number: str) -> httpx.Response:
        return await browser.client.post(SEARCH, data={**form, "q": number})

    for number in range(MOST_MISSES):
        assert (await tried(f"55{number:06}")).status_code == 200
    closed = await tried(NUMBER)
    on_the_list = await tried("4835")
    by_name = await sought(browser, "فاطمه")
    colleague = await sought(await site.signed_in("officer"), NUMBER)
    site.clock.move(timedelta(hours=25))
    again = await sought(await site.signed_in("clerk"), NUMBER)

    assert closed.status_code == 429
    assert FOUND not in closed.text
    assert "بار دیگر" in closed.text
    assert on_the_list.text.count("data-row") >= 1
    assert by_name.status_code == 303
    assert FOUND in colleague.text
    assert FOUND in again.text
    read = await site.storage.read(logged, "appointment.not_found")
    assert len(read) == MOST_MISSES


@pytest.mark.sqlite
async def test_letters_around_a_digit_of_somebody_on_the_list_open_no_way_around_the_count(site: Site) -> None:
    """The list compares digits only, so that «1» with any letters fits the code of somebody who stands on it."""
    browser = await site.signed_in("clerk")
    form = form_at((await browser.client.get("/today", follow_redirects=True)).text, SEARCH).values

    for number in range(MOST_MISSES):
        sent = {**form, "q": f"{chr(ord('A') + number % 26)}{chr(ord('A') + number // 26)}Q1"}
        assert (await browser.client.post(SEARCH, data=sent)).text.count("data-row") >= 1
    await booked(site)
    closed = await browser.client.post(SEARCH, data={**form, "q": NUMBER})

    assert closed.status_code == 429
    assert FOUND not in closed.text


@pytest.mark.sqlite
async def test_sent_again_it_looks_again_and_is_logged_again(site: Site) -> None:
    """Reloaded, the answer comes once more, and the key of the form hides no second number behind the first."""
    appointments = await booked(site)
    browser = await site.signed_in("clerk")
    form = form_at((await browser.get("/today")).text, SEARCH).values

    answers = [await browser.client.post(SEARCH, data={**form, "q": q}) for q in (NUMBER, NUMBER, "P7654321")]

    assert [FOUND in answer.text for answer in answers] == [True, True, False]
    read = await site.storage.read(logged, "appointment.found", "appointment.not_found")
    assert len(read) == 2 * len(appointments[:3]) + 1
    assert await site.storage.read(misses) == 1


@pytest.mark.sqlite
async def test_a_whole_code_counts_as_no_number(site: Site) -> None:
    _past, ahead, _cancelled, _there = await booked(site)
    browser = await site.signed_in("clerk")

    def codes(session: ReadSession) -> list[str]:
        wanted = (ahead, site.world.appointments[0])
        return list(
            session.scalars(select(Appointment.code).where(Appointment.id.in_(wanted)).order_by(Appointment.id))
        )

    listed, of_another_day = await site.storage.read(codes)
    here = await sought(browser, listed)
    there = await sought(browser, of_another_day)

    assert here.text.count("data-row") == 1
    assert "این کد مال روز یا دفتر دیگری است" in there.text
    assert FOUND in there.text
    assert await site.storage.read(logged, "appointment.found", "appointment.not_found") == [
        ("appointment.found", f"appointment:{ahead}")
    ]


@pytest.mark.sqlite
async def test_a_code_that_is_nobodys_is_written_down_however_it_was_sent(site: Site) -> None:
    browser, code = await site.signed_in("clerk"), makers.appointment_code().digits
    typed = {"q": code, "office": str(site.world.office)}
    await browser.client.get(f"/today?{urlencode(typed)}", follow_redirects=True)
    await browser.post(SEARCH, typed, headers={"hx-request": "true"})
    await sought(browser, code)

    assert len(await site.storage.read(logged, "appointment.not_found")) == 3


@pytest.mark.sqlite
async def test_who_has_very_many_appointments_shows_the_latest(site: Site) -> None:
    world = site.world

    def make(session: WriteSession) -> None:
        mark = digest(NUMBER, kind=DocumentKind.PASSPORT, key=IDENTITY_KEY)
        person = makers.make_person(session, identity_hash=mark.hash, last4=mark.last4)
        for days in range(search.MOST + 1):
            book(
                session,
                queue=world.queue,
                service=world.service,
                days=-days - 1,
                person=person,
                state=AppointmentState.SERVED,
            )

    await site.storage.write(make)
    answer = await sought(await site.signed_in("clerk"), NUMBER)

    assert answer.text.count(FOUND) == search.MOST
    assert "نوبت‌های قدیمی‌تر نشان داده نمی‌شوند" in answer.text


async def test_the_answer_asks_the_database_as_seldom_as_a_page(site: Site) -> None:
    await booked(site)
    browser = await site.signed_in("clerk")
    form = form_at((await browser.get("/today")).text, SEARCH).values

    with counted(site.storage) as asked:
        answer = await browser.client.post(SEARCH, data={**form, "q": NUMBER})

    assert FOUND in answer.text
    # Beside the page it counts the search, finds the number, and asks for the next day on which that office is open.
    assert 1 <= len(asked) <= test_statements.MOST + 3
