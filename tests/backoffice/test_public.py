"""A public page has its row in the route table: no session, no cookie, no personal data."""

from __future__ import annotations

import httpx
import pytest

from backoffice import app as pages
from backoffice.access import Anyone
from backoffice.app import create_app
from backoffice.routes import TABLE
from backoffice.web.http import PageRequest, PageResponse, PublicRequest, Redirect, Render
from backoffice.web.routing import get_page, get_public
from desk.offices.queries import office
from desk.storage.base import ReadSession
from desk.visits.queries import day_list
from tests.backoffice.conftest import IDENTITY_KEY, TEMPLATES, Site
from tests.makers import TODAY


def board(session: ReadSession, request: PublicRequest) -> Render:
    """Names an office, as a display on a wall would."""
    found = office(session, office_id=request.path["office"])
    return Render(template="faults/not_found.html", status=200 if found else 404)


def list_of_people(session: ReadSession, request: PublicRequest) -> Render:
    """What no public page may read."""
    day_list(session, office_id=request.path["office"], day=TODAY)
    return Render(template="faults/not_found.html")


def lead(session: ReadSession, request: PageRequest) -> PageResponse:
    return Redirect(to="/")


@pytest.fixture
def outside(site: Site, monkeypatch: pytest.MonkeyPatch) -> httpx.AsyncClient:
    """A client without cookies, at an application with two public pages."""
    table = (*TABLE, get_public("/board/{office:int}", board), get_public("/people/{office:int}", list_of_people))
    monkeypatch.setattr(pages, "ROUTES", table)
    made = create_app(
        storage=site.storage, templates=TEMPLATES, clock=site.clock, identity_key=IDENTITY_KEY, live=site.live
    )
    transport = httpx.ASGITransport(app=made)  # type: ignore[arg-type]  # httpx types ASGI less exactly than Litestar
    return httpx.AsyncClient(transport=transport, base_url="http://desk.test")


async def test_everybody_sees_it_without_a_session_or_a_cookie(site: Site, outside: httpx.AsyncClient) -> None:
    async with outside as stranger:
        there = await stranger.get(f"/board/{site.world.office}", headers={"cookie": "mizban=x; notice=saved"})
        nowhere = await stranger.get("/board/999")
        too_far = await stranger.get(f"/board/{2**63}")

    assert [there.status_code, nowhere.status_code, too_far.status_code] == [200, 404, 404]
    assert all("set-cookie" not in answer.headers for answer in (there, nowhere, too_far))


async def test_a_public_page_that_reads_people_shows_nothing(site: Site, outside: httpx.AsyncClient) -> None:
    async with outside as stranger:
        answer = await stranger.get(f"/people/{site.world.office}")

    assert answer.status_code == 500


def test_only_a_public_page_is_for_everybody() -> None:
    with pytest.raises(ValueError, match="a page for everybody"):
        get_page("/board", Anyone.PUBLIC, lead)
