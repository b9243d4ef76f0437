"""The pages at the door: registering somebody without an appointment, the slip, and taking it out of a chat."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import zxingcpp
from sqlalchemy import select

from backoffice.web.http import BotLink
from desk.acting import SYSTEM, Actor
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.capacity.models import Queue
from desk.capacity.planning import refill
from desk.capacity.saving_shares import set_shares
from desk.capacity.shares import Share, Shares
from desk.events.models import Event
from desk.storage.base import ReadSession, WriteSession
from desk.walk_ins.actions import tie
from desk.walk_ins.models import WalkInSlip
from desk.walk_ins.queries import MARK
from desk.walk_ins.rules import WalkInEvent
from tests.backoffice.another_office import booked_there, misses_of_clerk
from tests.backoffice.conftest import Browser, Site
from tests.keys import KEYS
from tests.makers import NOW, make_conversation
from tests.makers_hours import make_rule
from tests.transcripts.qr_reader import QR

NUMBER = "87654321"
PAGE = "/today/walk-in"


async def two_bots() -> tuple[BotLink, ...]:
    return tuple(BotLink(name, f"https://{host}/mizban?start={{payload}}") for name, host in BOTS.items())


BOTS = {"تلگرام": "t.me", "بله": "ble.ir"}


def squares_of(page: str) -> list[str]:
    """What a phone reads in the squares of a page."""
    found = []
    for side, path in re.findall(r'viewBox="0 0 (\d+) \d+" role="img"><path d="([^"]+)"', page):
        size = int(side) * PIXELS
        pixels = bytearray(b"\xff" * size * size)
        for across, down in re.findall(r"M(\d+) (\d+)h", path):
            for row in range(PIXELS):
                first = (int(down) * PIXELS + row) * size + int(across) * PIXELS
                pixels[first : first + PIXELS] = bytes(PIXELS)
        image = memoryview(bytes(pixels)).cast("B", (size, size))
        found += [each.text for each in zxingcpp.read_barcodes(image, formats=QR)]
    return found


PIXELS = 4


async def shared(site: Site, *, walk_in: int) -> None:
    """The queue has hours on each day, and so many percent of its places are for people without an appointment."""

    def share(session: WriteSession) -> None:
        queue = session.get_one(Queue, site.world.queue)
        for weekday in (5, 6):
            make_rule(session, queue=queue, weekday=weekday, opens=720, closes=780, counters=2)
        refill(session, queue_id=queue.id, now=NOW)
        set_shares(session, queue_id=queue.id, shares=Shares(walk_in=walk_in), actor=SYSTEM, now=NOW)

    await site.storage.write(share)


def person(site: Site, **over: str) -> dict[str, str]:
    """What the form sends."""
    usual = {"name": "ر. گ.", "kind": "amayesh", "number": NUMBER}
    return {"office": str(site.world.office), "service": str(site.world.service), **usual, **over}


async def registered(site: Site) -> list[Appointment]:
    def read(session: ReadSession) -> list[Appointment]:
        nobodys = Appointment.conversation_id.is_(None), Appointment.id > site.world.other_appointment
        return list(session.scalars(select(Appointment).where(*nobodys).order_by(Appointment.id)))

    return await site.storage.read(read)


async def at_the_door(site: Site) -> tuple[Browser, Appointment]:
    """Somebody who was registered with a number for today."""
    await shared(site, walk_in=50)
    browser = await site.signed_in("clerk")
    assert (await browser.post(PAGE, person(site))).status_code == 303
    [walk_in] = await registered(site)
    return browser, walk_in


@pytest.mark.requirement("000-14", "S")
async def test_a_number_for_today_is_given_in_one_form_and_leads_to_the_slip(site: Site) -> None:
    await shared(site, walk_in=50)
    browser = await site.signed_in("clerk")
    assert "شماره‌های ماندهٔ امروز" in (await browser.get(PAGE)).text
    answer = await browser.post(PAGE, person(site))
    [walk_in] = await registered(site)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/today/{walk_in.id}/slip")
    assert (walk_in.share, walk_in.state) == (Share.WALK_IN, AppointmentState.ARRIVED)
    page = (await browser.get(answer.headers["location"])).text
    assert "اصل کارت آمایش" in page
    assert "بدون ساعت" in page
    assert NUMBER not in page
    assert "ر. گ." not in page, "a slip names nobody"
    assert '<svg class="square"' not in page, "the square is drawn when it is printed"


@pytest.mark.requirement("000-14", "S")
async def test_without_a_share_the_first_free_time_is_chosen_and_another_can_be(site: Site) -> None:
    await shared(site, walk_in=0)
    browser = await site.signed_in("clerk")
    page = (await browser.get(PAGE)).text
    assert "شماره‌ای نمانده است. وقت خالی در این روزها:" in page, "today may be one of them"
    times = re.findall(r'<option value="(\d+)"( selected)?', page.split('id="time"')[1])
    assert [bool(selected) for _id, selected in times][:2] == [True, False]
    day = re.findall(r'name="day" value="([^"]+)"', page)[0]
    assert (await browser.post(PAGE, person(site, day=day, time=""))).status_code == 422
    assert (await browser.post(PAGE, person(site, day=day, time=times[1][0]))).status_code == 303
    [booked] = await registered(site)
    assert (booked.slot_id, booked.share, booked.state) == (int(times[1][0]), None, AppointmentState.BOOKED)


async def test_what_is_missing_is_said_at_its_field_and_the_rest_is_kept(site: Site) -> None:
    await shared(site, walk_in=50)
    browser = await site.signed_in("clerk")
    answer = await browser.post(PAGE, person(site, number=""))
    assert answer.status_code == 422
    assert 'id="walk-in-number-reasons"' in answer.text
    assert "ر. گ." in answer.text
    odd = await browser.post(PAGE, person(site, number="12"))
    assert 'name="stands_so"' in odd.text
    assert await registered(site) == []


async def test_a_second_press_registers_nobody_twice(site: Site) -> None:
    await shared(site, walk_in=50)
    browser = await site.signed_in("clerk")
    sent = person(site, _key="one-press")
    first, second = [await browser.post(PAGE, sent) for _ in range(2)]
    assert first.headers["location"] == second.headers["location"]
    assert len(await registered(site)) == 1


async def test_who_has_a_turn_already_is_shown_it(site: Site) -> None:
    browser, walk_in = await at_the_door(site)
    again = await browser.post(PAGE, person(site, name="کسی دیگر"))
    assert again.status_code == 409
    assert f"#appointment-{walk_in.id}" in again.text
    assert NUMBER not in again.text
    assert len(await registered(site)) == 1


async def test_a_turn_out_of_reach_counts_as_a_search_without_a_result(site: Site) -> None:
    await shared(site, walk_in=50)
    await booked_there(site, number=NUMBER)
    browser = await site.signed_in("clerk")
    answer = await browser.post(PAGE, person(site))
    assert answer.status_code == 409
    assert 'name="beside"' in answer.text
    assert await misses_of_clerk(site) == (1, 1)


async def test_the_last_number_is_gone_by_the_press(site: Site) -> None:
    await shared(site, walk_in=50)
    browser = await site.signed_in("clerk")
    slots = 0
    while (answer := await browser.post(PAGE, person(site, number=f"8765432{slots}"))).status_code == 303:
        slots += 1
    assert slots >= 2
    assert answer.status_code == 422
    assert 'id="time-reasons"' in answer.text
    assert len(await registered(site)) == slots


async def test_each_printing_has_a_square_of_its_own_which_opens_the_bot_with_a_secret(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, walk_in = await at_the_door(site)
    monkeypatch.setattr(site.app.state.context, "name_bots", two_bots)
    address = f"/today/{walk_in.id}/slip"
    read: list[list[str]] = []
    for paper in ("roll", "a4"):
        answer = await browser.post(address, {"do": paper})
        assert answer.status_code == 200
        assert f"slip-{paper}" in answer.text
        assert "data-print-now" in answer.text
        read.append(squares_of(answer.text))
    assert all(re.fullmatch(r"https://ble\.ir/mizban\?start=tie_[A-Za-z0-9_-]{22}", bale) for _telegram, bale in read)
    assert len({address for each in read for address in each}) == 4
    assert squares_of((await browser.get(address)).text) == []
    [mark] = await site.storage.read(lambda session: list(session.scalars(select(WalkInSlip.mark))))
    secret = read[-1][0].partition("tie_")[2]
    assert mark == KEYS.named_mark(MARK, secret), "the last one works, and is kept as a hash"


async def test_without_a_messenger_the_slip_has_no_square_and_one_printed_before_still_works(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, walk_in = await at_the_door(site)
    address = f"/today/{walk_in.id}/slip"
    with monkeypatch.context() as connected:
        connected.setattr(site.app.state.context, "name_bots", two_bots)
        await browser.post(address, {"do": "roll"})
    marks = await site.storage.read(lambda session: list(session.scalars(select(WalkInSlip.mark))))
    answer = await browser.post(address, {"do": "roll"})
    assert squares_of(answer.text) == []
    assert "هیچ پیام‌رسانی پاسخ نمی‌دهد" in answer.text
    assert await site.storage.read(lambda session: list(session.scalars(select(WalkInSlip.mark)))) == marks


async def test_what_was_tied_is_taken_out_again_and_a_new_slip_is_printed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, walk_in = await at_the_door(site)
    address = f"/today/{walk_in.id}/slip"
    monkeypatch.setattr(site.app.state.context, "name_bots", two_bots)
    await browser.post(address, {"do": "roll"})

    def scan(session: WriteSession) -> None:
        mark = session.scalars(select(WalkInSlip.mark)).one()
        tie(session, actor=Actor.chat(make_conversation(session).id), mark=mark or "", now=site.clock.now())

    await site.storage.write(scan)
    page = (await browser.get(address)).text
    assert 'value="untie"' in page
    assert 'value="roll"' not in page, "what is in a chat is printed for nobody"
    assert (await browser.post(address, {"do": "roll"})).status_code == 422
    assert (await browser.post(address, {"do": "untie"})).status_code == 303
    assert (await browser.post(address, {"do": "untie"})).status_code == 422
    page = (await browser.get(address)).text
    assert 'value="untie"' not in page
    assert 'value="roll"' in page
    kinds = await site.storage.read(lambda session: list(session.scalars(select(Event.kind).order_by(Event.id))))
    assert [each for each in kinds if each.startswith("walk_in.")][-2:] == [WalkInEvent.TIED, WalkInEvent.UNTIED]


async def test_the_day_list_says_who_was_registered_at_the_door(site: Site) -> None:
    assert "بدون نوبت" not in (await (await site.signed_in("clerk")).get("/today")).text
    browser, walk_in = await at_the_door(site)
    rows = (await browser.get("/today")).text.split('<li class="appointment')
    [of_walk_in] = [row for row in rows if f'id="appointment-{walk_in.id}"' in row]
    assert [row for row in rows if "بدون نوبت" in row] == [of_walk_in]


async def test_the_day_list_counts_the_places_that_are_left(site: Site) -> None:
    browser, _walk_in = await at_the_door(site)
    page = await browser.get("/today")
    assert page.status_code == 200, page.text
    assert "جای بی‌نوبت" in page.text


async def test_the_day_list_leads_to_the_door(site: Site) -> None:
    browser = await site.signed_in("clerk")
    assert f"{PAGE}?office={site.world.office}" in (await browser.get("/today")).text
    tomorrow = (NOW + timedelta(days=1)).date().isoformat()
    assert PAGE not in (await browser.get(f"/today?day={tomorrow}")).text
    officer: Any = await site.signed_in("officer")
    assert PAGE not in (await officer.get("/today")).text
