"""Signing in and out, the lock-out, sessions that end, forged forms, and the headers of every answer."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from backoffice.app import BackofficeSettings, create_app
from backoffice.staff.sign_in import safe_next
from backoffice.web import csrf
from desk.acting import SYSTEM
from desk.staff import actions, passwords
from desk.staff.models import StaffMember
from desk.staff.rules import IDLE_LIMIT, TRIES_BEFORE_LOCK
from desk.staff.strangers import UnknownNames
from desk.storage.base import WriteSession
from tests.backoffice.conftest import IDENTITY_KEY, TEMPLATES, MovableClock, Site, app_over_https, browser_of
from tests.backoffice.world import PASSWORD
from tests.makers import NOW

pytestmark = pytest.mark.sqlite  # nothing here differs between the databases; the stories run on both

WRONG = "نام کاربری یا رمز درست نیست"


async def attempt(browser: httpx.AsyncClient, *, username: str = "clerk", password: str = PASSWORD) -> httpx.Response:
    """Open the sign-in page and send it."""
    await browser.get("/sign-in")
    token = browser.cookies.get("visitor") or browser.cookies["__Host-visitor"]  # the latter over https
    form = {"_token": token, "username": username, "password": password}
    return await browser.post("/sign-in", data=form)


async def test_the_right_password_opens_a_session(site: Site) -> None:
    browser = site.browser()

    answer = await attempt(browser)
    start = await browser.get("/start")

    cookie = next(each for each in answer.headers.get_list("set-cookie") if each.startswith("mizban="))
    assert answer.status_code == 303
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert start.headers["location"] == "/today"


async def test_over_https_the_cookie_has_the_host_prefix(site: Site) -> None:
    app = app_over_https(site)
    async with browser_of(app, "https://desk.test") as browser:
        answer = await attempt(browser)

    cookie = next(each for each in answer.headers.get_list("set-cookie") if each.startswith("__Host-mizban="))
    assert "Secure" in cookie
    assert answer.headers["strict-transport-security"].startswith("max-age=")


@pytest.mark.parametrize(("username", "password"), [("clerk", "رمز نادرست"), ("nobody", PASSWORD)])
async def test_wrong_and_unknown_get_the_same_answer(site: Site, username: str, password: str) -> None:
    answer = await attempt(site.browser(), username=username, password=password)

    assert answer.status_code == 422
    assert WRONG in answer.text
    assert "mizban=" not in " ".join(answer.headers.get_list("set-cookie"))


async def test_an_account_locks_and_opens_again(site: Site) -> None:
    browser = site.browser()
    for _try in range(TRIES_BEFORE_LOCK):
        await attempt(browser, password="نه")

    locked = await attempt(browser)
    site.clock.move(timedelta(minutes=2))
    opened = await attempt(browser)

    assert locked.status_code == 429
    assert "تلاش‌ها زیاد شد" in locked.text
    assert opened.status_code == 303


def close_account(session: WriteSession, *, username: str) -> None:
    """Close it from the command line."""
    member_id = session.scalars(select(StaffMember.id).where(StaffMember.username == username)).one()
    actions.deactivate(session, member_id=member_id, actor=SYSTEM, now=NOW)


async def test_a_name_nobody_has_gets_the_answers_of_one_somebody_has(site: Site) -> None:
    await site.storage.write(close_account, username="officer")
    settings = BackofficeSettings(sign_ins_per_minute=100)  # the limit of the address is not asked here
    app = create_app(
        storage=site.storage, templates=TEMPLATES, clock=site.clock, identity_key=IDENTITY_KEY, settings=settings
    )
    started = site.clock.at
    told: dict[str, list[tuple[int, str]]] = {}
    for username in ("clerk", "nobody", "officer"):
        site.clock.at = started
        async with browser_of(app, "http://desk.test") as browser:
            answers = [await attempt(browser, username=username, password="نه") for _try in range(7)]
            site.clock.move(timedelta(minutes=1))
            answers += [await attempt(browser, username=f" {username.upper()} ", password="نه") for _try in range(7)]
            token = browser.cookies["visitor"]
        told[username] = [
            (answer.status_code, answer.text.replace(token, "").replace(username, "").replace(username.upper(), ""))
            for answer in answers
        ]

    statuses = {name: [status for status, _text in answers] for name, answers in told.items()}
    assert statuses == dict.fromkeys(told, ([422] * 5 + [429] * 2) * 2)
    assert told["nobody"] == told["officer"] == told["clerk"]  # to the letter, with the minute they may try again


async def test_without_the_count_of_unknown_names_the_answers_differ(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the guard: attempts with unknown names are not counted."""
    monkeypatch.setattr(UnknownNames, "note_wrong_password", lambda self, username, *, now: None)
    browser = site.browser()

    answers = [await attempt(browser, username="nobody", password="نه") for _try in range(7)]

    assert [answer.status_code for answer in answers] == [422] * 7


async def test_the_owner_gets_in_after_the_lock_though_a_stranger_goes_on(site: Site) -> None:
    browser = site.browser()
    for _try in range(TRIES_BEFORE_LOCK):
        await attempt(browser, password="نه")
    site.clock.move(timedelta(minutes=1))

    stranger = await attempt(browser, password="نه")
    owner = await attempt(site.browser())

    assert (stranger.status_code, owner.status_code) == (422, 303)


@pytest.mark.parametrize("username", ["clerk", "nobody"])
@pytest.mark.parametrize("password", [PASSWORD, "نه"])
async def test_a_locked_name_takes_as_long_as_any(
    site: Site, monkeypatch: pytest.MonkeyPatch, username: str, password: str
) -> None:
    browser = site.browser()
    for _try in range(TRIES_BEFORE_LOCK):
        await attempt(browser, username=username, password="نه")
    checked: list[str] = []
    verify = passwords.verify_password

    def watched(password_hash: str, password: str) -> bool:
        checked.append(password_hash)
        return verify(password_hash, password)

    monkeypatch.setattr(passwords, "verify_password", watched)
    answer = await attempt(browser, username=username, password=password)

    assert answer.status_code == 429
    assert checked == [passwords.decoy_hash()]


async def test_one_address_cannot_try_all_accounts(site: Site) -> None:
    browser = site.browser()
    answers = [await attempt(browser, username=f"name{number}") for number in range(9)]

    assert [answer.status_code for answer in answers] == [422] * 8 + [429]
    assert "لطفاً یک دقیقه صبر کنید" in answers[-1].text


async def test_a_session_ends_when_idle_and_is_kept_while_used(site: Site) -> None:
    idle, used = await site.signed_in("clerk"), await site.signed_in("clerk")
    for _hour in range(int(IDLE_LIMIT / timedelta(hours=1)) + 1):
        site.clock.move(timedelta(hours=1))
        assert (await used.get("/today")).status_code == 200

    answer = await idle.get("/today")

    assert answer.headers["location"] == "/sign-in?next=/today"


async def test_signing_out_ends_the_session_on_the_server(site: Site) -> None:
    browser = await site.signed_in("clerk")
    token = browser.client.cookies["mizban"]

    answer = await browser.post("/sign-out")
    thief = site.browser()
    thief.cookies.set("mizban", token)

    assert answer.headers["location"] == "/sign-in"
    assert (await thief.get("/today")).status_code == 303


async def test_closing_an_account_ends_its_sessions(site: Site) -> None:
    clerk, manager = await site.signed_in("clerk"), await site.signed_in("manager")

    await manager.post(f"/staff/{site.world.clerk}/deactivate")

    assert (await clerk.get("/today")).status_code == 303


async def test_a_password_given_by_somebody_else_must_be_changed_first(site: Site) -> None:
    manager = await site.signed_in("manager")
    shown = await manager.post(f"/staff/{site.world.clerk}/password")
    password = shown.text.split('class="code secret" dir="ltr">')[1].split("<")[0]
    browser = site.browser()
    await attempt(browser, password=password)

    led_away = await browser.get("/today")
    page = await browser.get("/account/password")
    token = page.text.split('name="_token" value="')[1].split('"')[0]
    fresh = {"_token": token, "current": password, "new": "درخت انار خانه 12", "again": "درخت انار خانه 12"}
    changed = await browser.post("/account/password", data=fresh)

    assert led_away.headers["location"] == "/account/password"
    assert changed.status_code == 303
    assert (await browser.get("/today")).status_code == 200


@pytest.mark.parametrize(
    ("current", "new", "again", "said"),
    [
        ("نه این نیست", "درخت انار خانه 12", "درخت انار خانه 12", "این رمز فعلی شما نیست"),
        (PASSWORD, "درخت انار خانه 12", "درخت سیب خانه 12", "دو رمز جدید یکی نیستند"),
        (PASSWORD, "کوتاه", "کوتاه", "رمز کوتاه است"),
        (PASSWORD, PASSWORD, PASSWORD, "این همان رمز فعلی است"),
    ],
)
async def test_a_new_password_is_looked_at(site: Site, current: str, new: str, again: str, said: str) -> None:
    browser = await site.signed_in("clerk")

    answer = await browser.post("/account/password", {"current": current, "new": new, "again": again})

    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{new}"' not in answer.text


@pytest.mark.parametrize("token", ["", "made-up"])
async def test_a_form_without_our_token_changes_nothing(site: Site, token: str) -> None:
    browser = await site.signed_in("clerk")
    address = f"/today/{site.world.appointments[0]}"

    forged = await browser.client.post(address, data={"_token": token, "do": "arrive"})
    by_header = await browser.client.post(address, data={"do": "arrive"}, headers={"x-csrf-token": browser.token})

    assert forged.status_code == 403
    assert by_header.status_code == 303


async def test_without_the_check_the_forged_form_would_pass(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the guard: the token of the form is not checked."""
    monkeypatch.setattr(csrf, "check", lambda *, given, expected, headers: None)
    browser = await site.signed_in("clerk")

    answer = await browser.client.post(f"/today/{site.world.appointments[0]}", data={"do": "arrive"})

    assert answer.status_code == 303


async def test_a_form_that_another_site_sends_is_refused_even_with_the_token(site: Site) -> None:
    browser = await site.signed_in("clerk")

    answer = await browser.post(
        f"/today/{site.world.appointments[0]}", {"do": "arrive"}, headers={"sec-fetch-site": "cross-site"}
    )

    assert answer.status_code == 403


async def test_the_sign_in_form_is_protected_too(site: Site) -> None:
    browser = site.browser()
    await browser.get("/sign-in")

    answer = await browser.post("/sign-in", data={"username": "clerk", "password": PASSWORD})

    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/sign-in", "/nothing-here", "/today", "/static/style.css"])
async def test_every_answer_carries_the_headers(site: Site, path: str) -> None:
    answer = await (await site.signed_in("clerk")).get(path)

    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert ("no-store" in answer.headers["cache-control"]) == (not path.startswith("/static"))


async def test_no_page_has_anything_inline(site: Site) -> None:
    browser = await site.signed_in("admin")
    for path in ("/today", "/inbox", "/capacity", f"/inbox/{site.world.complaint}", "/catalogue"):
        text = (await browser.get(path)).text
        assert " style=" not in text
        assert " onclick=" not in text
        assert "<script>" not in text


@pytest.mark.parametrize("path", ["/today?office=2", "/inbox/5"])
def test_a_path_of_ours_may_follow(path: str) -> None:
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "path", ["https://evil.test", "//evil.test", "/\\evil.test", "javascript:alert(1)", "\t//x", "", "/today?q=علی"]
)
def test_an_address_elsewhere_may_not(path: str) -> None:
    assert safe_next(path) == ""


@pytest.mark.sqlite
@pytest.mark.parametrize("path", ["/today?q=علی", "/inbox/۵", "/\r\nSet-Cookie: mizban=x"])
async def test_a_crafted_way_back_spoils_no_sign_in(site: Site, path: str) -> None:
    browser = site.browser()
    page = await browser.get("/sign-in", params={"next": path})
    token = re.search(r'name="_token" value="([^"]+)"', page.text)
    assert token is not None
    sent = {"_token": token[1], "username": "clerk", "password": PASSWORD, "written": "سلام"}
    answer = await browser.post("/sign-in", params={"next": path}, data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, "/start")


async def test_files_outside_static_stay_there(site: Site) -> None:
    browser = site.browser()

    answers = [await browser.get(f"/static/{path}") for path in ("../app.py", "..%2Fapp.py", "vendor/../../app.py")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


async def test_styles_come_compressed_and_pages_do_not(site: Site) -> None:
    browser = await site.signed_in("clerk")

    style = await browser.get("/static/style.css?v=1", headers={"accept-encoding": "gzip"})
    page = await browser.get("/today", headers={"accept-encoding": "gzip"})

    assert style.headers["content-encoding"] == "gzip"
    assert "immutable" in style.headers["cache-control"]
    assert "content-encoding" not in page.headers


async def test_our_own_mistake_gets_a_kind_page(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_named: object) -> None:
        raise RuntimeError("made by the test")

    browser = await site.signed_in("clerk")
    monkeypatch.setattr(actions, "touch", broken)
    site.clock.move(timedelta(minutes=30))

    answer = await browser.get("/today")

    assert answer.status_code == 500
    assert "مشکلی از طرف ما پیش آمد" in answer.text
    assert "made by the test" not in answer.text


def test_the_clock_of_these_tests_stands_still() -> None:
    clock = MovableClock()

    assert clock.now() == clock.now()
