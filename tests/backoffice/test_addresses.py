"""Tests that go through all pages can open every route; one that they could not open is named."""

from __future__ import annotations

from backoffice.routes import ROUTES, TABLE
from backoffice.web.http import PageRequest, PageResponse, Redirect
from backoffice.web.routing import get_page
from desk.acting import Permission
from desk.storage.base import ReadSession
from tests.backoffice.addresses import NO_PAGE, address_of, pages, unknown_ids
from tests.backoffice.conftest import Site


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """A page that was planted."""
    return Redirect(to="/")


def test_the_ids_of_every_address_are_known() -> None:
    assert unknown_ids(ROUTES) == []


def test_a_new_route_that_no_test_can_open_is_named() -> None:
    planted = get_page("/inspections/{inspection:int}", Permission.CASES_READ, page)

    assert unknown_ids((*TABLE, planted)) == ["GET /inspections/{inspection:int}"]
    assert planted in pages((*TABLE, planted))


async def test_every_page_is_a_page_and_nothing_else_is_one(site: Site) -> None:
    browser = await site.opened_day("admin")
    whole = set()
    for route in TABLE:
        if route.read_handler is not None:
            answer = await browser.client.get(address_of(route, site.world))
            if answer.status_code == 200 and "<html" in answer.text:
                whole.add(route.path)
            elif answer.headers.get("location", "").partition("?")[0] == route.path:
                whole.add(route.path)  # of one office: it leads to itself, with the office in the address

    assert whole == {route.path for route in pages()}
    assert NO_PAGE.keys() <= {route.path for route in TABLE}
