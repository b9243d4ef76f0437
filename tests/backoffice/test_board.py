"""The board of the day: calls, presses that come twice, the search, and what each reader sees of the people."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from backoffice.routes import TABLE
from desk.appointments.models import Appointment
from desk.capacity.models import Queue
from desk.catalogue.models import Service
from desk.line.models import LineEntry, LinePress
from desk.line.rules import EntryState
from desk.people.rules import DocumentKind
from desk.reading.folding import strip_bidi
from desk.staff.models import FormKey
from desk.storage.base import ReadSession, WriteSession
from desk.verify import verify
from tests import makers
from tests.backoffice.addresses import address_of
from tests.backoffice.conftest import IDENTITY_KEY, Browser, Site
from tests.backoffice.forms import form_at
from tests.backoffice.served import REFERENCE
from tests.weak_hashes import digest

pytestmark = pytest.mark.sqlite  # tests of the line itself run on both databases

HTMX = {"hx-request": "true"}
NAMES = ("نادره یعقوبی", "کریم صافی", "لیلا رسولی")


def people(session: WriteSession, *, world_queue: int, world_service: int) -> list[int]:
    """Three people with turns at 9:16, 9:31 and 10:31 of today, of whom nobody came yet."""
    queue, service = session.get_one(Queue, world_queue), session.get_one(Service, world_service)
    made = []
    for name, (hour, minute) in zip(NAMES, ((9, 16), (9, 31), (10, 31)), strict=True):
        person = makers.make_person(session)
        person.identity_hash = digest(number_of(name), kind=DocumentKind.OTHER, key=IDENTITY_KEY).hash
        slot = makers.make_slot(session, queue=queue, starts_at=makers.at(hour=hour, minute=minute))
        appointment = makers.make_appointment(
            session,
            slot=slot,
            service=service,
            person=person,
            conversation=makers.make_conversation(session),
            person_name=name,
        )
        made.append(appointment.id)
    return made


def number_of(name: str) -> str:
    """The number of the paper of one of them."""
    return f"P0123456{NAMES.index(name)}"


async def booked(site: Site) -> list[int]:
    """The three of them, in the world of the site."""
    return await site.storage.write(people, world_queue=site.world.queue, world_service=site.world.service)


async def press(browser: Browser, appointment: int, do: str, *, counter: int = 1, key: str | None = None) -> str:
    """Press a button of the board as htmx does; what the board shows then."""
    data = {"do": do, "counter": str(counter), **({"_key": key} if key else {})}
    answer = await browser.post(f"/board/{appointment}", data, headers=HTMX)
    assert answer.status_code == 200, answer.text
    return without_tags(answer.text)


def without_tags(text: str) -> str:
    """The page as it is read, where a code or a time stands in a tag or isolates of its own."""
    return re.sub(r"</?bdi[^>]*>", "", strip_bidi(text))


async def call_next(browser: Browser, site: Site, *, counter: int = 1, key: str | None = None) -> str:
    data = {"office": str(site.world.office), "counter": str(counter), **({"_key": key} if key else {})}
    answer = await browser.post("/board/next", data, headers=HTMX)
    return without_tags(answer.text)


async def serve(browser: Browser, appointment: int) -> str:
    """Close the visit with its record, opened on the board; where that leads."""
    address = f"/today/{appointment}/record"
    piece = await browser.get(f"{address}?from=board", headers=HTMX)
    form = form_at(piece.text, address)
    assert "hx-post" not in piece.text.partition("</form>")[0]
    done = await browser.post(address, {**form.values, "do": "served", "reference": REFERENCE})
    assert done.status_code == 303, done.text
    return done.headers["location"]


async def find(browser: Browser, site: Site, typed: str) -> str:
    asked = {"office": str(site.world.office), "counter": "1", "q": typed}
    answer = await browser.post("/board/find", asked, headers=HTMX)
    assert answer.status_code == 200
    return answer.text


async def entry(site: Site, appointment: int) -> tuple[EntryState, int | None, int]:
    """The state of somebody in the line, the counter and how often they were called."""

    def ask(session: ReadSession) -> tuple[EntryState, int | None, int]:
        found = session.scalars(select(LineEntry).where(LineEntry.appointment_id == appointment)).one()
        return found.state, found.counter, found.calls

    return await site.storage.read(ask)


def group(text: str, name: str) -> str:
    """What stands in one column of the board."""
    return text.partition(f'id="people-{name}"')[2].partition("</details>\n")[0].partition('<details class="group')[0]


async def test_somebody_goes_through_the_columns(site: Site) -> None:
    first, *_others = await booked(site)
    browser = await site.signed_in("clerk")

    board = (await browser.get(f"/board?office={site.world.office}&counter=1")).text
    assert NAMES[0] in group(board, "expected")

    board = await press(browser, first, "arrive")
    assert NAMES[0] in group(board, "here")
    assert NAMES[0] not in group(board, "expected")

    board = await call_next(browser, site)
    assert "به باجهٔ ۱ صدا زده شد" in board
    assert NAMES[0] in group(board, "called")
    assert "data-mine" in board

    board = await press(browser, first, "begin")
    assert (await entry(site, first))[0] is EntryState.IN_SERVICE
    led = await serve(browser, first)
    board = (await browser.get(led)).text
    assert NAMES[0] in group(board, "done")
    assert (await entry(site, first))[0] is EntryState.DONE
    assert await site.storage.read(verify) == []


async def test_a_key_that_comes_twice_calls_once(site: Site) -> None:
    first, second, _third = await booked(site)
    browser = await site.signed_in("clerk")
    for each in (first, second):
        await press(browser, each, "arrive")

    await call_next(browser, site, key="the-same-key")
    again = await call_next(browser, site, key="the-same-key")

    assert await entry(site, first) == (EntryState.CALLED, 1, 1)
    assert (await entry(site, second))[0] is EntryState.HERE
    assert NAMES[0] in group(again, "called")


@pytest.mark.requirement("000-05", "S")
async def test_two_counters_call_two_people(site: Site) -> None:
    first, second, _third = await booked(site)
    clerk, manager = await site.signed_in("clerk"), await site.signed_in("manager")
    for each in (first, second):
        await press(clerk, each, "arrive")

    await call_next(clerk, site, counter=1)
    await call_next(manager, site, counter=2)
    busy = await call_next(manager, site, counter=2)

    assert (await entry(site, first))[1] == 1
    assert (await entry(site, second))[1] == 2
    assert "data-said" in busy
    assert "problem" in busy


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        (("hold",), EntryState.HELD),
        (("hold", "take_back"), EntryState.HERE),
        (("begin", "undo"), EntryState.CALLED),
        (("undo",), EntryState.HERE),
        (("undo", "went_away"), EntryState.LEFT),
        (("again", "again", "to_the_end"), EntryState.HERE),
        (("begin", "served", "undo"), EntryState.IN_SERVICE),
        (("move:4",), EntryState.CALLED),
    ],
)
async def test_each_press_does_what_it_says(site: Site, steps: tuple[str, ...], state: EntryState) -> None:
    first, *_others = await booked(site)
    browser = await site.signed_in("clerk")
    await press(browser, first, "arrive")
    await press(browser, first, "call")

    for step in steps:
        if step == "served":
            await serve(browser, first)
            continue
        board = await press(browser, first, step)
        assert 'class="problem"' not in board, board

    now = await entry(site, first)
    assert now[0] is state
    if steps == ("move:4",):
        assert now[1] == 4


async def test_what_is_not_possible_any_more_says_why_and_shows_the_board(site: Site) -> None:
    first, *_others = await booked(site)
    browser = await site.signed_in("clerk")
    await press(browser, first, "arrive")
    await press(browser, first, "call", counter=2)

    board = await press(browser, first, "call", counter=1)

    assert 'class="problem"' in board
    assert await entry(site, first) == (EntryState.CALLED, 2, 1)
    plain = await browser.post(f"/board/{first}", {"do": "call", "counter": "1"})
    assert plain.status_code == 422
    assert "<html" in plain.text


async def test_the_board_says_who_is_next_and_why(site: Site) -> None:
    first, second, third = await booked(site)
    browser = await site.signed_in("clerk")
    board = await press(browser, third, "arrive")
    assert "نوبت ساعت ۱۰:۳۱ دارد؛ کس دیگری منتظر نیست" in board
    board = await press(browser, second, "arrive")
    assert "نوبت ساعت ۹:۳۱ دارد و وقتش رسیده است" in board
    board = await press(browser, first, "arrive")
    assert "نوبت ساعت ۹:۱۶ دارد و وقتش رسیده است" in board
    assert f"/offices/{site.world.office}/line" in board


async def test_the_box_finds_who_belongs_to_today(site: Site) -> None:
    first, *_others = await booked(site)
    browser = await site.signed_in("clerk")

    def code(session: ReadSession) -> str:
        return session.scalars(select(Appointment.code).where(Appointment.id == first)).one()

    digits = await site.storage.read(code)
    await press(browser, first, "arrive")

    def number(session: ReadSession) -> str:
        return session.scalars(select(LineEntry.call_number).where(LineEntry.appointment_id == first)).one()

    called = await site.storage.read(number)
    for typed in (NAMES[0][:5], digits, called, number_of(NAMES[0])):
        found = await find(browser, site, typed)
        assert f'id="found-{first}"' in found, typed
        assert found.count("data-row") == 1, typed
        assert "data-elsewhere" not in found, typed
        assert number_of(NAMES[0]) not in found


async def test_a_code_of_another_day_tells_the_day_and_the_time_alone(site: Site) -> None:
    await booked(site)

    def later(session: WriteSession) -> str:
        queue, service = session.get_one(Queue, site.world.queue), session.get_one(Service, site.world.service)
        slot = makers.make_slot(session, queue=queue, starts_at=makers.at(hour=33, minute=46))
        person = makers.make_person(session)
        person.identity_hash = digest("Q7654321", kind=DocumentKind.OTHER, key=IDENTITY_KEY).hash
        appointment = makers.make_appointment(
            session,
            slot=slot,
            service=service,
            person=person,
            conversation=makers.make_conversation(session),
            person_name="حمیرا ساعی",
        )
        return str(appointment.code)

    code = await site.storage.write(later)
    browser = await site.signed_in("clerk")
    for typed in (code, "Q7654321"):
        found = await find(browser, site, typed)
        assert "data-elsewhere" in found, typed
        assert "یکشنبه" in found
        assert "۹:۴۶" in found
        assert "حمیرا" not in found
        assert "data-row" not in found
    assert "data-elsewhere" not in await find(browser, site, "Q1111111")


async def test_the_number_of_the_original_answers_yes_no_or_another_turn(site: Site) -> None:
    first, *_others = await booked(site)
    browser = await site.signed_in("clerk")
    await press(browser, first, "arrive")
    board = await press(browser, first, "call")
    assert f'action="/board/{first}/paper"' in board

    for typed, said in ((number_of(NAMES[0]), "yes"), (number_of(NAMES[2]), "other"), ("Z9999999", "no")):
        answer = await browser.post(f"/board/{first}/paper", {"number": typed}, headers=HTMX)
        assert f'data-paper-said="{said}"' in answer.text, typed
        assert typed not in answer.text
        assert NAMES[2] not in answer.text
    plain = await browser.post(f"/board/{first}/paper", {"number": number_of(NAMES[0])})
    assert "<html" in plain.text
    assert 'data-paper-said="yes"' in plain.text


async def test_others_who_see_the_screen_read_initials(site: Site) -> None:
    await booked(site)
    browser = await site.signed_in("clerk")
    chosen = await browser.get(f"/board?office={site.world.office}&counter=2&initials=1&chosen=1")
    assert chosen.status_code == 303

    board = (await browser.get(f"/board?office={site.world.office}")).text

    assert NAMES[0] not in board
    assert "ن. ی." in board
    assert re.search(r'<option value="2" selected', board)


async def test_who_sees_no_names_calls_by_numbers(site: Site) -> None:
    await booked(site)
    admin = await site.signed_in("admin")
    board = (await admin.get(f"/board?office={site.world.office}")).text
    assert "person-who" in board
    assert not any(name in board for name in NAMES)
    found = await find(admin, site, NAMES[0][:5])
    assert "data-row" not in found


async def test_a_counter_is_kept_for_the_day_and_asked_again_tomorrow(site: Site) -> None:
    browser = await site.signed_in("clerk")
    await browser.get(f"/board?office={site.world.office}&counter=3&chosen=1")
    assert re.search(r'<option value="3" selected', (await browser.get("/board")).text)
    kept = browser.client.cookies["counter"]

    site.clock.move(timedelta(hours=20))
    tomorrow = await site.signed_in("clerk")
    tomorrow.client.cookies.set("counter", kept)
    page = (await tomorrow.get("/board")).text
    assert 'id="counter"' in page
    assert not re.search(r'<option value="3" selected', page)


def forget_forms(session: WriteSession) -> None:
    session.execute(delete(FormKey))


async def test_a_press_is_one_by_person_button_and_page(site: Site) -> None:
    """The line knows it again, also where the form's own key was given back."""
    first, second, _third = await booked(site)
    browser = await site.signed_in("clerk")
    for each in (first, second):
        await press(browser, each, "arrive")
        await press(browser, each, "call", counter=each % 50 + 1, key="of-one-page")

    def known(session: ReadSession) -> list[str]:
        return list(session.scalars(select(LinePress.key).where(LinePress.what == "call")))

    assert len(set(await site.storage.read(known))) == 2
    await site.storage.write(forget_forms)
    await press(browser, first, "undo")
    await press(browser, first, "call", counter=first % 50 + 1, key="of-one-page")
    assert (await entry(site, first))[0] is EntryState.HERE


async def test_priority_is_given_with_a_reason(site: Site) -> None:
    first, second, _third = await booked(site)
    given = site.world.priority
    browser = await site.signed_in("clerk")
    for each in (first, second):
        await press(browser, each, "arrive")

    asked = await browser.post(f"/board/{second}/priority", {"priority": str(given)})
    assert asked.status_code == 422
    done = await browser.post(f"/board/{second}/priority", {"priority": str(given), "reason": "seen"})
    assert done.status_code == 303

    board = await call_next(browser, site)
    assert NAMES[1] in group(board, "called")


async def test_come_back_from_the_counter_gives_a_new_turn(site: Site) -> None:
    first, *_others = await booked(site)
    browser = await site.signed_in("clerk")
    await press(browser, first, "arrive")
    await press(browser, first, "call")
    offered = await browser.get(f"/board/{first}/back?counter=1", headers=HTMX)
    slot = re.search(r'value="(come_back:\d+)"', offered.text)
    assert slot is not None
    assert f'hx-post="/board/{first}"' in offered.text

    day = await press(browser, first, "back_on")
    assert 'id="board"' in day
    board = await press(browser, first, slot[1])

    assert NAMES[0] in group(board, "done")
    assert await site.storage.read(verify) == []


async def test_the_press_of_another_office_is_out_of_reach(site: Site) -> None:
    other = await site.signed_in("otherclerk")
    first, *_others = await booked(site)
    for path, data in (
        (f"/board/{first}", {"do": "arrive"}),
        (f"/board/{first}/paper", {"number": number_of(NAMES[0])}),
        (f"/board/{first}/priority", {"priority": "0", "reason": "seen"}),
        ("/board/next", {"office": str(site.world.office), "counter": "1"}),
        ("/board/find", {"office": str(site.world.office), "q": NAMES[0]}),
    ):
        assert (await other.post(path, data)).status_code == 404, path


async def test_no_page_but_the_board_may_use_the_camera(site: Site) -> None:
    browser = await site.opened_day("admin")
    allowed = []
    for route in TABLE:
        if route.method != "GET" or route.async_handler is not None:
            continue
        policy = (await browser.get(address_of(route, site.world))).headers["permissions-policy"]
        assert "microphone=()" in policy
        allowed += [route.path] if "camera=()" not in policy else []
    assert allowed == []  # the board without an office only leads to one
    found = {"office": str(site.world.office), "q": "x"}
    assert "camera=()" in (await browser.post("/board/find", found, headers=HTMX)).headers["permissions-policy"]
    assert "camera=(self)" in (await browser.get(f"/board?office={site.world.office}")).headers["permissions-policy"]
