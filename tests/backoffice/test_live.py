"""Open pages are told that something changed, only where they may read it and only while their session lasts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import update

from backoffice.web import live as live_module
from backoffice.web.live import Live
from desk.capacity.freed import places_freed
from desk.cases import actions as cases
from desk.organisation import office
from desk.staff import actions as staff_actions
from desk.staff import queries as staff_queries
from desk.staff.models import StaffMember
from desk.staff.permissions import Role
from desk.staff.rules import RoleInput
from desk.storage.base import WriteSession
from desk.storage.signals import EVERYTHING
from desk.visits import actions as visits
from tests.backoffice.conftest import Site
from tests.makers import NOW, TODAY, acting, by_staff

LONG = 60.0
"""Seconds that only end a test which fails."""


class Page:
    """A page that listens."""

    def __init__(self, events: AsyncIterator[bytes]) -> None:
        self._events = events

    async def next(self) -> tuple[str, dict[str, Any]]:
        """The name and the data of the next event; a sign of life is passed over."""
        async with asyncio.timeout(LONG):
            while True:
                said = (await anext(self._events)).decode()
                if said.startswith(":"):
                    continue
                fields = dict(line.split(": ", 1) for line in said.strip().splitlines())
                return fields["event"], json.loads(fields["data"])

    async def is_over(self) -> bool:
        async with asyncio.timeout(LONG):
            return await anext(self._events, None) is None

    async def close(self) -> None:
        await self._events.aclose()  # type: ignore[attr-defined]  # an async generator, declared by what pages need


@pytest_asyncio.fixture
async def running(site: Site) -> AsyncIterator[Site]:
    """The pages, with their live part at work."""
    site.live = Live(site.storage, clock=site.clock)
    task = asyncio.get_running_loop().create_task(site.live.run())
    yield site
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def session_of(site: Site, username: str) -> tuple[staff_queries.SignedInStaff, str]:
    browser = await site.signed_in(username)
    token = browser.client.cookies["mizban"]
    staff = await site.storage.read(staff_queries.session, token=token, now=site.clock.now())
    assert staff is not None
    return staff, token


async def listen(site: Site, username: str) -> Page:
    staff, token = await session_of(site, username)
    events = site.live.open(staff, token=token)
    assert events is not None
    page = Page(events)
    assert (await page.next())[0] == "open"
    return page


def change(session: WriteSession, *, office_id: int, day: date) -> None:
    session.changed("turns", 7, office_id=office_id, day=day)


async def arrive(site: Site, appointment: int) -> None:
    await site.storage.write(visits.record_arrival, appointment_id=appointment, actor=acting(site.world.clerk), now=NOW)


async def test_door_and_counter_hear_of_each_other_and_nobody_else_does(running: Site) -> None:
    counter, province = await listen(running, "clerk"), await listen(running, "province")
    elsewhere = await listen(running, "otherclerk")
    await arrive(running, running.world.appointments[0])
    told = {"subject": "turns", "office": running.world.office, "day": "2026-11-21"}
    assert await counter.next() == ("changed", told)
    assert await province.next() == ("changed", told)

    def theirs(session: WriteSession) -> None:
        visits.record_arrival(
            session, appointment_id=running.world.other_appointment, actor=acting(running.world.clerk), now=NOW
        )

    await running.storage.write(theirs)
    # What comes first at the other office is its own appointment: the arrival at ours was not told there.
    assert (await elsewhere.next())[1]["office"] == running.world.other_office


async def test_each_day_of_an_office_is_told_as_that_day(running: Site) -> None:
    """Yesterday's list, on which something is recorded late, is another page than today's."""
    page, elsewhere = await listen(running, "clerk"), await listen(running, "otherclerk")
    world = running.world
    for day in (TODAY - timedelta(days=1), TODAY):
        await running.storage.write(change, office_id=world.office, day=day)
        assert await page.next() == ("changed", {"subject": "turns", "office": world.office, "day": day.isoformat()})
    await running.storage.write(change, office_id=world.other_office, day=TODAY)
    assert (await elsewhere.next())[1]["office"] == world.other_office


async def test_what_no_page_shows_is_not_looked_up(running: Site) -> None:
    await listen(running, "clerk")
    await running.storage.write(
        lambda session: places_freed(session, queue_id=1, office_id=running.world.office, day=TODAY)
    )
    assert not running.live._changes


async def test_a_signal_holds_no_content(running: Site) -> None:
    page = await listen(running, "clerk")
    await arrive(running, running.world.appointments[0])
    _, told = await page.next()
    assert set(told) == {"subject", "office", "day"}


async def test_the_office_complained_of_hears_nothing_of_a_complaint(running: Site) -> None:
    office, province = await listen(running, "officer"), await listen(running, "province")
    reader = (await session_of(running, "province"))[0].staff_id
    await running.storage.write(
        by_staff(cases.note), case_id=running.world.complaint, staff_id=reader, text="یادداشت", now=NOW
    )
    told = {"subject": "cases", "office": running.world.office, "day": None}
    assert await province.next() == ("changed", told)
    await running.storage.write(
        by_staff(cases.note), case_id=running.world.question, staff_id=reader, text="یادداشت", now=NOW
    )
    assert (await office.next())[1]["subject"] == "cases"
    # One event was waiting, the one of the question: the complaint's would have come before.
    await arrive(running, running.world.appointments[0])
    assert (await office.next())[1]["subject"] == "turns"


async def test_streams_asked_for_at_one_moment_are_no_more_than_a_session_may_have(running: Site) -> None:
    staff, token = await session_of(running, "clerk")
    opened = [running.live.open(staff, token=token) for _ in range(3 * live_module.MOST_STREAMS)]
    begun = [await anext(events, None) for events in opened if events is not None]
    assert sum(first is not None for first in begun) == live_module.MOST_STREAMS
    for events in opened:
        if events is not None:
            await Page(events).close()


async def test_a_stream_that_never_rests_is_asked_whether_its_session_stands(
    running: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person whose account was closed hears no more, even when there is always something to tell."""
    monkeypatch.setattr(live_module, "ASK_AGAIN", 0.3)
    monkeypatch.setattr(live_module, "GATHER", 0.0)
    page = await listen(running, "clerk")
    running.clock.move(timedelta(hours=9))

    async def always_something() -> None:
        while True:
            running.storage.signals.pass_on(frozenset({EVERYTHING}))
            await asyncio.sleep(0.01)

    busy = asyncio.get_running_loop().create_task(always_something())
    try:
        async with asyncio.timeout(LONG):
            while (await page.next())[0] != "ended":
                pass
    finally:
        busy.cancel()


async def test_a_stream_ends_with_its_session(running: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "ASK_AGAIN", 0.05)
    page = await listen(running, "clerk")
    running.clock.move(timedelta(hours=9))
    assert (await page.next())[0] == "ended"
    assert await page.is_over()


async def test_a_stream_ends_where_the_role_is_taken(running: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "ASK_AGAIN", 0.05)
    staff, token = await session_of(running, "clerk")
    events = running.live.open(staff, token=token)
    assert events is not None
    page = Page(events)
    await page.next()

    def take(session: WriteSession) -> None:
        admin = staff_queries.credentials(session, username="admin", now=NOW).staff_id
        by_staff(staff_actions.update_member)(
            session,
            member_id=staff.staff_id,
            name=staff.name,
            roles=[RoleInput(Role.DESK_OFFICER, office(running.world.office, area="/IR-30/"))],
            staff_id=admin,
            now=NOW,
        )

    await running.storage.write(take)
    async with asyncio.timeout(LONG):
        said = [event async for event in events]
    assert all(event.startswith(b":") for event in said), said


async def test_a_stream_ends_where_a_new_password_is_demanded(running: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "ASK_AGAIN", 0.05)
    page = await listen(running, "clerk")
    demanded = update(StaffMember).where(StaffMember.id == running.world.clerk).values(must_change_password=True)
    await running.storage.write(lambda session: session.execute(demanded))
    assert (await page.next())[0] == "ended"
    assert await page.is_over()


async def test_at_most_four_streams_of_one_session(running: Site) -> None:
    staff, token = await session_of(running, "clerk")
    pages = []
    for _ in range(live_module.MOST_STREAMS):
        events = running.live.open(staff, token=token)
        assert events is not None
        pages.append(Page(events))
        await pages[-1].next()
    assert running.live.open(staff, token=token) is None
    await pages.pop().close()
    assert running.live.open(staff, token=token) is not None


async def test_what_a_page_fetches_by_itself_does_not_keep_its_session_awake(site: Site) -> None:
    browser = await site.signed_in("clerk")
    token = browser.client.cookies["mizban"]

    async def seen() -> Any:
        found = await site.storage.read(staff_queries.session, token=token, now=site.clock.now())
        assert found is not None
        return found.seen_at

    before = await seen()
    site.clock.move(timedelta(minutes=30))
    assert (await browser.get("/today", headers={"mizban-by-itself": "1"})).status_code == 200
    assert await seen() == before
    assert (await browser.get("/today")).status_code == 200
    assert await seen() > before


async def test_the_stream_stands_at_its_address_for_whoever_is_signed_in(site: Site) -> None:
    browser = await site.signed_in("clerk")
    assert (await browser.get("/live")).status_code == 204
    assert (await site.browser().get("/live")).headers["location"] == "/sign-in?next=/live"
