"""The board of the day: calls, and presses that come twice or too late."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import delete, select

from desk.appointments.models import Appointment
from desk.line.models import LinePress
from desk.line.rules import EntryState
from desk.staff.models import FormKey
from desk.storage.base import ReadSession, WriteSession
from desk.verify import verify
from tests.backoffice.conftest import Site
from tests.backoffice.on_board import HTMX, NAMES, booked, call_next, entry, group, press, serve, without_tags

pytestmark = pytest.mark.sqlite  # tests of the line itself run on both databases


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


async def test_who_is_called_before_their_place_is_told_in_the_history(site: Site) -> None:
    first, second, _third = await booked(site)
    browser = await site.signed_in("clerk")
    for each in (first, second):
        await press(browser, each, "arrive")
    await press(browser, second, "call")
    await press(browser, first, "call", counter=2)

    def codes(session: ReadSession) -> list[str]:
        return [session.get_one(Appointment, each).code for each in (second, first)]

    reader = await site.signed_in("province")
    histories = [
        without_tags((await reader.get(f"/history?code={code}")).text) for code in await site.storage.read(codes)
    ]
    told = "خارج از نوبتِ صف: ۱ نفر جلوتر بودند"
    assert [told in each for each in histories] == [True, False]
    assert ["باجهٔ ۲" in each for each in histories] == [False, True]


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
