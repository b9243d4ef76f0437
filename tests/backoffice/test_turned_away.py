"""Requests that were turned away stand in the history: once a minute for an account, for those who review its place."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from desk.events.models import Event
from desk.staff.security import TurnedAway
from desk.storage.base import ReadSession
from tests.backoffice.conftest import Site
from tests.backoffice.test_history import plain

pytestmark = pytest.mark.sqlite


async def events(site: Site) -> list[tuple[str, str, int | None, int, str]]:
    """The events about requests that were turned away: kind, account, office, number and page."""
    await site.written_down()

    def read(session: ReadSession) -> list[tuple[str, str, int | None, int, str]]:
        rows = session.scalars(select(Event).where(Event.kind.in_(list(TurnedAway))).order_by(Event.id))
        return [(row.kind, row.subject, row.office_id, row.data["number"], row.data["page"]) for row in rows]

    return await site.storage.read(read)


async def test_pages_without_the_permission_are_one_event_however_many(site: Site) -> None:
    """The attack: an account tries every page. It left no line, and a line for each would fill the disk."""
    browser = await site.signed_in("clerk")
    for _ in range(20):
        assert (await browser.get("/history")).status_code == 403
    [(kind, subject, office, number, page)] = await events(site)
    assert (kind, number, page) == (TurnedAway.FORBIDDEN, 20, "/history")
    assert subject == f"staff:{site.world.clerk}"
    assert office == site.world.office


async def test_a_forged_form_is_an_event_of_whose_session_it_came_with(site: Site) -> None:
    browser = await site.signed_in("clerk")
    browser.token = "not ours"
    assert (await browser.post(f"/today/{site.world.appointments[0]}", {"do": "arrive"})).status_code == 403
    [(kind, subject, *_rest)] = await events(site)
    assert (kind, subject) == (TurnedAway.FORGED, f"staff:{site.world.clerk}")


async def test_trying_ids_of_another_place_is_an_event(site: Site) -> None:
    browser = await site.signed_in("clerk")
    for number in (site.world.other_appointment, 987_654, 987_655):
        await browser.get(f"/today/{number}", headers={"hx-request": "true"})
    [(kind, _subject, _office, number, page)] = await events(site)
    assert (kind, number, page) == (TurnedAway.OUT_OF_REACH, 3, "/today/{appointment}")


async def test_a_forged_sign_in_is_of_nobody(site: Site) -> None:
    browser = site.browser()
    assert (await browser.post("/sign-in", data={"username": "clerk", "password": "x"})).status_code == 403
    assert [(kind, subject) for kind, subject, *_rest in await events(site)] == [(TurnedAway.FORGED, "staff:0")]


async def test_the_review_page_shows_them_to_whom_the_place_belongs(site: Site) -> None:
    await (await site.signed_in("clerk")).get("/history")
    await site.written_down()
    shown = plain((await (await site.signed_in("province")).get("/history?kind=security")).text)
    assert "مریم کاظمی صفحه‌هایی را خواست که اجازه‌اش را ندارد" in shown
    elsewhere = plain((await (await site.signed_in("otherprovince")).get("/history?kind=security")).text)
    assert "مریم کاظمی" not in elsewhere


async def test_what_could_not_be_written_waits(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    await (await site.signed_in("clerk")).get("/history")
    write = site.storage.write

    async def fails(*_args: object, **_named: object) -> None:
        raise OSError

    monkeypatch.setattr(site.storage, "write", fails)
    await site.written_down()
    monkeypatch.setattr(site.storage, "write", write)
    assert len(await events(site)) == 1


async def test_within_the_minute_nothing_is_written_yet(site: Site) -> None:
    await (await site.signed_in("clerk")).get("/history")
    await site.app.state.context.readings.flush(everything=False)

    def read(session: ReadSession) -> list[str]:
        return list(session.scalars(select(Event.kind).where(Event.kind.in_(list(TurnedAway)))))

    assert await site.storage.read(read) == []
