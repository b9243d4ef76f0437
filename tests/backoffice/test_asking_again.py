"""The password is asked for once more before what gives power or shows whom a case is from; nothing sent is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from backoffice.routes import TABLE
from desk.staff.models import RoleAssignment, StaffMember
from desk.staff.permissions import Role
from desk.staff.proofs import PROOF_LASTS
from desk.staff.rules import TRIES_BEFORE_LOCK
from desk.storage.base import ReadSession
from tests.backoffice.conftest import Browser, Site
from tests.backoffice.forms import form_at
from tests.backoffice.test_sign_in import attempt
from tests.backoffice.world import PASSWORD

pytestmark = pytest.mark.sqlite

SAID = "said_again_password"
NEWCOMER = {"username": "newcomer", "name": "علی", "r0-role": "administrator", "r0-place": "nation"}


def administrators(session: ReadSession) -> list[str]:
    """The usernames of those who administer the country."""
    held = select(StaffMember.username).join(RoleAssignment, RoleAssignment.staff_id == StaffMember.id)
    return list(session.scalars(held.where(RoleAssignment.role == Role.ADMINISTRATOR).order_by(StaffMember.id)))


def password_of(session: ReadSession, staff_id: int) -> str:
    """The hash of the password of an account."""
    return session.get_one(StaffMember, staff_id).password_hash


def asks(text: str) -> bool:
    """Whether the page asks for the password."""
    return f'name="{SAID}"' in text


async def test_a_stolen_cookie_makes_no_administrator(site: Site) -> None:
    thief = await site.signed_in("admin", has_proved=False)
    before = await site.storage.read(password_of, site.world.clerk)

    answers = [
        await thief.post("/staff/new", NEWCOMER),
        await thief.post(f"/staff/{site.world.clerk}/password"),
        await thief.post(f"/staff/{site.world.clerk}", {"name": "x", "r0-role": "administrator", "r0-place": "nation"}),
        await thief.post(f"/staff/{site.world.clerk}/deactivate"),
        await thief.post("/history/export", {"purpose": "review"}),
        await thief.get(f"/inbox/{site.world.question}/name"),
    ]

    assert [asks(answer.text) for answer in answers] == [True] * len(answers)
    assert await site.storage.read(administrators) == ["admin"]
    assert await site.storage.read(password_of, site.world.clerk) == before
    assert "گل‌آقا" not in answers[-1].text


async def test_a_cookie_copied_before_does_not_use_the_owners_proof(site: Site) -> None:
    owner = await site.signed_in("admin", has_proved=False)
    thief = site.browser()
    thief.cookies.set("mizban", owner.client.cookies["mizban"])
    await owner.post("/account/again", {SAID: PASSWORD})

    answer = await Browser(thief, owner.token).post("/staff/new", NEWCOMER)

    assert asks(answer.text)
    assert not asks((await owner.post("/history/export", {"purpose": "review"})).text)


async def test_the_sign_in_alone_is_no_proof(site: Site) -> None:
    browser = site.browser()
    await attempt(browser, username="manager")

    page = await browser.get(f"/inbox/{site.world.question}/name")

    assert asks(page.text)


async def test_the_form_that_was_sent_goes_on_with_the_password(site: Site) -> None:
    browser = await site.signed_in("admin", has_proved=False)
    asked = await browser.post("/staff/new", NEWCOMER)
    form = form_at(asked.text, "/staff/new")

    made = await browser.client.post("/staff/new", data={**form.values, SAID: PASSWORD})

    assert NEWCOMER.items() <= form.values.items()
    assert 'class="code secret"' in made.text  # the password of the new account
    assert await site.storage.read(administrators) == ["admin", "newcomer"]
    again = await browser.client.post("/staff/new", data={**form.values, SAID: PASSWORD})
    assert again.status_code == 303  # a second press makes nothing
    assert not asks((await browser.post("/staff/new", NEWCOMER)).text)  # for some minutes it is not asked again


async def test_a_page_opens_after_the_password_and_asks_again_after_some_minutes(site: Site) -> None:
    browser = await site.signed_in("officer", has_proved=False)
    address = f"/inbox/{site.world.question}/name"
    form = form_at((await browser.get(address)).text, f"/account/again?next={address}")

    led = await browser.client.post(f"/account/again?next={address}", data={**form.values, SAID: PASSWORD})
    shown = await browser.get(address)
    site.clock.move(PROOF_LASTS)
    later = await browser.get(address)

    assert (led.status_code, led.headers["location"]) == (303, address)
    assert "گل‌آقا" in shown.text
    assert asks(later.text)


async def test_a_wrong_password_does_nothing_and_the_fifth_ends_the_session(site: Site) -> None:
    browser = await site.signed_in("admin", has_proved=False)

    answers = [await browser.post("/staff/new", {**NEWCOMER, SAID: "نه"}) for _try in range(TRIES_BEFORE_LOCK)]

    assert [answer.status_code for answer in answers] == [422] * 4 + [303]
    assert 'value="newcomer"' in answers[0].text
    assert 'value="نه"' not in answers[0].text
    assert await site.storage.read(administrators) == ["admin"]
    assert (await browser.get("/overview")).headers["location"].startswith("/sign-in")


async def test_leading_on_never_leads_elsewhere(site: Site) -> None:
    browser = await site.signed_in("admin")

    answer = await browser.get("/account/again?next=https://evil.test")

    assert answer.headers["location"] == "/start"


async def test_a_name_that_was_seen_stands_in_the_history(site: Site) -> None:
    browser = await site.signed_in("officer")
    await browser.get(f"/inbox/{site.world.question}/name")
    await site.written_down()

    page = await (await site.signed_in("admin")).get("/history?kind=case.name_read")

    assert "رضا نوری" in page.text


ASKS = {
    "GET /account/again",
    "GET /inbox/{case:int}/name",
    "POST /account/again",
    "POST /after-visits/export",
    "POST /capacity/offices/export",
    "POST /account/factor/codes",
    "POST /account/factor/confirm",
    "POST /account/factor/new",
    "POST /account/factor/remove",
    "POST /account/passkeys/add",
    "POST /account/passkeys/new",
    "POST /account/passkeys/remove",
    "POST /history/export",
    "POST /staff/bring-in/all",
    "POST /staff/bring-in/sheet",
    "POST /staff/new",
    "POST /staff/{member:int}",
    "POST /staff/{member:int}/deactivate",
    "POST /staff/{member:int}/password",
    "POST /staff/{member:int}/reopen",
    "POST /today/receipts/export",
}
"""What asks for the password: an address that gives power, exports or names an applicant comes here too."""


def test_what_gives_power_or_names_people_asks_for_the_password() -> None:
    assert {route.name for route in TABLE if route.asks_password} == ASKS
    accounts = {route.name for route in TABLE if route.method == "POST" and route.path.startswith("/staff/")}
    exports = {route.name for route in TABLE if route.path.endswith("/export")}
    only_shows = {"POST /staff/bring-in"}  # a file, which the page that asks would lose
    assert (accounts | exports) - only_shows <= ASKS


async def test_minutes_are_few() -> None:
    assert timedelta(minutes=10) >= PROOF_LASTS


async def test_where_a_file_comes_the_page_leads_back_to_where_it_was_asked_for(site: Site) -> None:
    browser = await site.signed_in("admin", has_proved=False)

    file = await browser.post("/staff/bring-in/sheet", {})
    wrong = await browser.post(
        "/staff/bring-in/sheet", form_at(file.text, "/staff/bring-in/sheet").values | {SAID: "x"}
    )
    account = await browser.post("/staff/new", NEWCOMER)

    for answer in (file, wrong):
        assert 'href="/staff/bring-in">بازگشت به صفحهٔ قبل' in answer.text
        assert "این صفحه می‌ماند" in answer.text
    assert "بازگشت به صفحهٔ قبل" not in account.text
