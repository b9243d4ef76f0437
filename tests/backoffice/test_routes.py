"""Every route names the permission it needs, and refuses people without it."""

from __future__ import annotations

import re
from itertools import chain

import httpx
import pytest

from backoffice import access
from backoffice.routes import ROUTES, TABLE
from backoffice.web.routing import Route
from desk.organisation import EVERYWHERE
from desk.staff.permissions import ROLES, Permission, Role
from tests.backoffice.addresses import address_of
from tests.backoffice.conftest import Site
from tests.backoffice.forms import forms_of

PUBLIC = {"/", "/check", "/draws/{draw:int}", "/draws/{draw:int}/file", "/sign-in", "/static/{name:path}"}
"""Everything that opens without a session."""

GUARDED = [route for route in ROUTES if isinstance(route.needs, Permission)]


def filled(route: Route, site: Site) -> str:
    """The address of a route with ids that exist."""
    return address_of(route, site.world)


async def test_only_the_short_list_is_public(site: Site) -> None:
    handlers = chain.from_iterable(
        route.route_handlers for route in site.app.routes if hasattr(route, "route_handlers")
    )
    public = {path for handler in handlers if handler.opt.get("public") for path in handler.paths}

    assert public == PUBLIC


async def test_every_other_handler_comes_from_the_table(site: Site) -> None:
    named = {route.name for route in ROUTES}
    strangers = [
        handler
        for route in site.app.routes
        for handler in getattr(route, "route_handlers", ())
        # Litestar answers OPTIONS with the list of methods by itself.
        if handler.http_methods != {"OPTIONS"} and not handler.opt.get("public") and handler.name not in named
    ]

    assert strangers == []


def test_no_address_stands_twice_in_the_table() -> None:
    names = [route.name for route in ROUTES]

    assert len(names) == len(set(names))


def test_what_changes_something_is_never_a_get() -> None:
    reads = {"/inbox/{case:int}/voice/{entry:int}", "/live"}
    assert all(
        route.method == "POST" for route in ROUTES if route.async_handler is not None and route.path not in reads
    )


async def test_nobody_enters_without_a_session(site: Site) -> None:
    browser = site.browser()
    open_doors = []
    for route in ROUTES:
        if route.path in PUBLIC:
            continue
        answer = await browser.request(route.method, filled(route, site))
        is_sent_away = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
        # What was typed may go along with the sign-in, so a form is answered by its page.
        is_asked_who = route.method == "POST" and answer.status_code == 401 and 'action="/sign-in?next=' in answer.text
        if not is_sent_away and not is_asked_who:
            open_doors.append((route.name, answer.status_code))

    assert open_doors == []


LACKING = {
    Permission.CAPACITY_WRITE: "clerk",
    Permission.CASES_READ: "clerk",
    Permission.CASES_ANSWER: "clerk",
    Permission.CASES_ASSIGN: "clerk",
    Permission.CATALOGUE_WRITE: "province",
    Permission.HISTORY_READ: "officer",
    Permission.MESSAGES_READ: "province",
    Permission.OFFICES_WRITE: "officer",
    Permission.STAFF_READ: "officer",
    Permission.STAFF_WRITE: "officer",
    Permission.APPOINTMENTS_RECORD: "province",
}
"""Somebody of the world who does not hold the permission; the others are held by every role."""


def test_the_people_of_these_tests_lack_what_they_are_said_to_lack() -> None:
    roles = {"clerk": Role.CLERK, "officer": Role.DESK_OFFICER, "province": Role.PROVINCE_OFFICER}

    assert [each for each, name in LACKING.items() if each in ROLES[roles[name]]] == []


async def knock(site: Site, route: Route) -> httpx.Response:
    """Request a route as somebody who lacks its permission."""
    assert isinstance(route.needs, Permission)
    browser = await site.signed_in(LACKING.get(route.needs, "clerk"))
    address = filled(route, site)
    return await (browser.get(address) if route.method == "GET" else browser.post(address))


async def test_a_route_is_closed_to_whoever_lacks_its_permission(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    # What every role holds is taken from the clerk for this test.
    monkeypatch.setitem(ROLES, Role.CLERK, ROLES[Role.CLERK] & LACKING.keys())
    answers = {route.name: await knock(site, route) for route in GUARDED}

    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code != 403} == {}
    assert all("این بخش برای شما باز نیست" in answer.text for answer in answers.values())


async def test_without_the_guard_the_same_people_get_in(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the guard: once `permitted` does not check, nobody is refused by it, so it is what refuses them."""
    monkeypatch.setattr(access, "permitted", lambda staff, *, needs: EVERYWHERE)
    answers = {route.name: await knock(site, route) for route in GUARDED if route.method == "GET" and route in TABLE}

    # 404 where the object has a guard of its own in the desk; some only lead on.
    parts = ("/today", "/board", "/inbox", "/capacity")
    led_on = {name for name, answer in answers.items() if answer.headers.get("location", "").startswith(parts)}
    refused = {name: answer.status_code for name, answer in answers.items() if answer.status_code not in {200, 404}}
    leading = {
        "GET /undelivered/{message:int}",
        "GET /today/{appointment:int}",
        "GET /board",
        "GET /today",
        "GET /today/door",
        "GET /inbox/{case:int}/next",
        "GET /capacity/{office:int}/queues/{queue:int}/rules",
        "GET /capacity/{office:int}/queues/{queue:int}/rules/{rule:int}",
    }
    assert refused.keys() == led_on == leading
    assert sum(answer.status_code == 200 for answer in answers.values()) > len(answers) // 2


async def test_the_address_of_every_form_can_be_opened(site: Site) -> None:
    """A form with an error stays at its own address: a reload, or signing in again, opens its page."""
    browser = await site.opened_day("admin")
    closed = []
    for route in ROUTES:
        if route.method == "POST":
            answer = await browser.client.get(filled(route, site), follow_redirects=True)
            if answer.status_code != 200:
                closed.append((route.name, answer.status_code))

    assert closed == []
    led = await browser.get(f"/inbox/{site.world.complaint}/reply")
    assert led.headers["location"] == f"/inbox/{site.world.complaint}"


async def test_every_page_opens_for_an_administrator(site: Site) -> None:
    browser = await site.opened_day("admin")
    strange = []
    for route in ROUTES:
        if route.method != "GET" or "delivery" in route.path:
            continue
        answer = await browser.get(filled(route, site))
        if answer.status_code not in {200, 204, 303} or "{{" in answer.text:
            strange.append((route.name, answer.status_code))

    assert strange == []


TAKES_A_FILE = re.compile(r"""<input[^>]*type=["']?file|multipart/form-data""", re.IGNORECASE)


@pytest.mark.requirement("000-03", "S")
@pytest.mark.requirement("003-01", "S")
async def test_no_page_takes_a_file(site: Site) -> None:
    """Pictures of papers or people cannot be uploaded; pages of managers take workbooks, and read nothing else."""
    browser = await site.signed_in("admin")
    takes, forms = [], 0
    for route in ROUTES:
        if route.method != "GET" or "delivery" in route.path or "voice" in route.path:
            continue
        text = (await browser.get(filled(route, site))).text
        forms += text.count("<form")
        if TAKES_A_FILE.search(text):
            takes.append(route.name)

    assert TAKES_A_FILE.search('<input name="paper" type="file">')
    assert forms > 50
    assert takes == ["GET /capacity/bring-in", "GET /offices/bring-in", "GET /staff/bring-in"]


CLERKS_FIELDS = {
    "_key",
    "_token",
    "_version",
    "come_back_on",
    "counter",
    "day",
    "from",
    "first",
    "last",
    "kind",
    "name",
    "number",
    "office",
    "one",
    "other",
    "priority",
    "purpose",
    "q",
    "reason",
    "service",
    "time",
    "woman_clerk",
    "words",
} | {
    *("amount", "closing", "reference", "office_code", "is_orange", "names_service", "information", "fingerprint"),
    *("photo", "papers", "why", "system", "result", "code", "sign"),
}
"""All that the pages of a clerk send beside what a button says. One is a sum of money: the amount that stands on a
receipt, which the desk compares with the fee of the catalogue; there is no field for anything beside it."""


@pytest.mark.requirement("000-09", "S")
async def test_a_clerk_types_no_sum_but_that_of_a_receipt(site: Site) -> None:
    browser = await site.signed_in("clerk")
    sent: set[str] = set()
    for route in ROUTES:
        if route.method == "GET" and route.needs in ROLES[Role.CLERK]:
            for form in forms_of((await browser.get(filled(route, site))).text):
                sent |= form.values.keys()

    assert sent == CLERKS_FIELDS
