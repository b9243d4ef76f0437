"""A public page has its row in the route table: no session, no cookie, no personal data."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from html import escape

import httpx
import pytest

from backoffice import app as pages
from backoffice.access import Anyone
from backoffice.app import create_app
from backoffice.routes import TABLE
from backoffice.web import entry
from backoffice.web.http import PageRequest, PageResponse, PublicRequest, Redirect, Render
from backoffice.web.routing import get_page, get_public
from desk.codes import TrackingCode
from desk.offices.queries import office
from desk.storage.base import ReadSession
from desk.visits.queries import day_list
from tests.backoffice.conftest import IDENTITY_KEY, TEMPLATES, Site, browser_of
from tests.makers import TODAY, make_appointment


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


CODE = TrackingCode("523686587")
OTHER = "269142550"
OF_A_CASE = "893080597"


@pytest.fixture
async def stranger(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without a session, and an appointment whose code they have."""
    await site.storage.write(lambda session: make_appointment(session, code=CODE, person_name="پروین کریمی"))
    async with site.browser() as browser:
        yield browser


@pytest.mark.parametrize("typed", [CODE.digits, "۵۲۳ ۶۸۶-۵۸۷", "کد: 523686587"])
async def test_anybody_reads_from_the_code_whether_a_turn_counts(stranger: httpx.AsyncClient, typed: str) -> None:
    shown = (await stranger.get("/check", params={"code": typed})).text

    assert "این نوبت اعتبار دارد." in shown
    assert "احراز هویت" in shown
    assert "پروین" not in shown
    assert "کریمی" not in shown


async def test_a_turn_of_a_day_that_is_over_no_longer_counts(site: Site, stranger: httpx.AsyncClient) -> None:
    site.clock.move(timedelta(days=60))
    shown = (await stranger.get("/check", params={"code": CODE.digits})).text

    assert "این نوبت دیگر اعتبار ندارد." in shown
    assert "این نوبت اعتبار دارد." not in shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (OTHER, "هیچ نوبتی این کد را ندارد"),
        ("12345", "کد نوبت نُه رقم دارد"),
        ("۱۲۳ ۴۵۶-۷۸۹", "هیچ نوبتی این کد را ندارد"),
        ("<b>سلام</b>", "کد نوبت نُه رقم دارد"),
        (OF_A_CASE, "این کد شکایت یا پرسش است"),
        ("9" * 500, "کد نوبت نُه رقم دارد"),
    ],
)
async def test_what_is_no_code_of_a_turn_comes_back_with_the_reason(
    stranger: httpx.AsyncClient, typed: str, said: str
) -> None:
    page = await stranger.get("/check", params={"code": typed})

    assert page.status_code == 200
    assert said in page.text
    assert f'value="{escape(typed[:40])}"' in page.text
    assert "اعتبار دارد.</span>" not in page.text


async def test_the_page_is_read_in_dari_too(stranger: httpx.AsyncClient) -> None:
    shown = (await stranger.get("/check", params={"code": CODE.digits, "lang": "fa_AF"})).text

    assert 'lang="fa-AF"' in shown
    assert "تنها صاحب نوبت آمده می‌تواند، با اصل سند." in shown


async def test_who_tries_many_codes_waits_and_staff_sign_in_meanwhile(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guessing is slow, and it takes nothing from the sign-in of the office behind the same address."""
    monkeypatch.setattr(entry, "MOST_FROM_ONE_ADDRESS", 3)
    made = create_app(storage=site.storage, templates=TEMPLATES, clock=site.clock, identity_key=IDENTITY_KEY)
    async with browser_of(made, "http://desk.test") as guesser:
        answers = [(await guesser.get("/check")).status_code for _ in range(4)]
        signs_in = await guesser.get("/sign-in")

    assert answers == [200, 200, 200, 429]
    assert signs_in.status_code == 200
