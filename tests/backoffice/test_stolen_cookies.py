"""What somebody with a copied cookie, or with a name and much patience, can do; each was possible once."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from backoffice.web import passwords as pool_of
from backoffice.web.passwords import Busy, PasswordPool
from desk.events.models import Event
from desk.staff import passwords
from desk.staff.passwords import ISSUED_LIVES
from desk.staff.rules import TRIES_BEFORE_LOCK
from desk.storage.base import ReadSession
from tests.backoffice.conftest import Site
from tests.backoffice.test_sign_in import attempt
from tests.backoffice.world import PASSWORD

pytestmark = pytest.mark.sqlite

NEW = "درخت انار خانه 12"


def copy_of(browser: httpx.AsyncClient, site: Site) -> httpx.AsyncClient:
    """A thief's browser with the session cookie that this one holds now, and nothing else."""
    thief = site.browser()
    thief.cookies.set("mizban", browser.cookies["mizban"])
    return thief


async def test_a_copied_cookie_does_not_outlive_a_password_change(site: Site) -> None:
    browser = await site.signed_in("clerk")
    thief, other = copy_of(browser.client, site), await site.signed_in("clerk")

    changed = await browser.post("/account/password", {"current": PASSWORD, "new": NEW, "again": NEW})

    assert changed.status_code == 303
    assert (await browser.get("/today")).status_code == 200  # the browser got a new token
    assert (await thief.get("/today")).headers["location"].startswith("/sign-in")
    assert (await other.get("/today")).headers["location"].startswith("/sign-in")


async def test_a_copied_cookie_does_not_outlive_a_new_sign_in_of_its_browser(site: Site) -> None:
    browser = site.browser()
    await attempt(browser)
    thief = copy_of(browser, site)
    assert (await thief.get("/today")).status_code == 200

    await attempt(browser)

    assert (await browser.get("/today")).status_code == 200
    assert (await thief.get("/today")).headers["location"].startswith("/sign-in")


async def test_signing_in_where_the_session_was_lost_ends_it_too(site: Site) -> None:
    """The cookie of the session is gone with the window; that of the browser is not."""
    browser = site.browser()
    await attempt(browser)
    thief = copy_of(browser, site)
    browser.cookies.delete("mizban")

    await attempt(browser)

    assert (await thief.get("/today")).headers["location"].startswith("/sign-in")


async def test_a_session_in_another_browser_goes_on_and_is_said(site: Site) -> None:
    desk, phone = site.browser(), site.browser()
    await attempt(desk)
    await attempt(phone)

    page = await phone.get("/today")

    assert (await desk.get("/today")).status_code == 200
    assert "در مرورگر دیگری هم وارد شده‌اید" in page.text


async def test_a_strangers_tries_do_not_keep_the_owner_out(site: Site) -> None:
    """The stranger goes on trying; the owner sits at the browser they always use."""
    owner, stranger = site.browser(), site.browser()
    await attempt(owner)
    await owner.post("/sign-out", data={"_token": await token_of(owner)})
    for _try in range(TRIES_BEFORE_LOCK):
        await attempt(stranger, password="نه")

    locked = await attempt(stranger, password=PASSWORD)
    opened = await attempt(owner)

    assert (locked.status_code, opened.status_code) == (429, 303)
    assert (await attempt(stranger, password=PASSWORD)).status_code == 429  # the owner's sign-in opened nothing for it


async def token_of(browser: httpx.AsyncClient) -> str:
    """The token of the forms of this session."""
    page = await browser.get("/account")
    return page.text.split('name="_token" value="')[1].split('"')[0]


async def test_a_known_browser_is_locked_for_its_own_tries(site: Site) -> None:
    owner = site.browser()
    await attempt(owner)
    for _try in range(TRIES_BEFORE_LOCK):
        await attempt(owner, password="نه")

    assert (await attempt(owner)).status_code == 429
    assert (await attempt(site.browser())).status_code == 303  # somebody else's lane is open


async def test_a_made_up_cookie_of_a_browser_has_no_lane_of_its_own(site: Site) -> None:
    for number in range(TRIES_BEFORE_LOCK):
        stranger = site.browser()
        stranger.cookies.set("browser", f"made-up-{number}")
        await attempt(stranger, password="نه")

    assert (await attempt(site.browser())).status_code == 429


async def test_five_wrong_passwords_end_the_session_and_lock_nobody_out(site: Site) -> None:
    """With a stolen cookie the password cannot be guessed, nor the owner locked out."""
    browser = await site.signed_in("clerk")
    sent = {"current": "نه این نیست", "new": NEW, "again": NEW}

    answers = [await browser.post("/account/password", sent) for _try in range(TRIES_BEFORE_LOCK)]

    assert [answer.status_code for answer in answers] == [422] * 4 + [303]
    assert (await browser.get("/today")).headers["location"].startswith("/sign-in")
    assert (await attempt(site.browser())).status_code == 303


async def test_an_issued_password_opens_the_desk_for_a_day(site: Site) -> None:
    manager = await site.signed_in("manager")
    shown = await manager.post(f"/staff/{site.world.clerk}/password")
    password = shown.text.split('class="code secret" dir="ltr">')[1].split("<")[0]
    site.clock.move(ISSUED_LIVES - timedelta(minutes=1))

    in_time = await attempt(site.browser(), password=password)
    site.clock.move(timedelta(minutes=1))
    too_late = await attempt(site.browser(), password=password)
    guessed = await attempt(site.browser(), password="نه")

    assert in_time.status_code == 303
    assert too_late.status_code == 422
    assert "یک روز" in too_late.text
    assert "یک روز" not in guessed.text


def noted(session: ReadSession) -> list[tuple[str, str, object]]:
    """The failed sign-ins and locks in the history."""
    kinds = ("staff.signin_failed", "staff.locked")
    rows = session.execute(select(Event).where(Event.kind.in_(kinds)).order_by(Event.id)).scalars()
    return [(row.kind, row.subject, row.data.get("step") or row.data.get("minutes")) for row in rows]


async def test_failed_sign_ins_and_locks_stand_in_the_history(site: Site) -> None:
    stranger = site.browser()
    for _try in range(TRIES_BEFORE_LOCK):
        await attempt(stranger, password="نه")
    await attempt(stranger, username="ramz-e-man-1405", password="نه")

    found = await site.storage.read(noted)
    page = await (await site.signed_in("admin")).get("/history?kind=staff.signin_failed")

    clerk = f"staff:{site.world.clerk}"
    assert found == [
        *[("staff.signin_failed", clerk, "password")] * 5,
        ("staff.locked", clerk, 1),
        ("staff.signin_failed", "staff:0", "password"),
    ]
    assert "مریم کاظمی" in page.text
    assert "ramz-e-man" not in page.text
    assert "staff:0" not in page.text


async def test_many_invented_names_do_not_fill_the_history(site: Site) -> None:
    context = site.app.state.context
    written = [context.unknown_names.is_noted(now=site.clock.now()) for _try in range(100)]
    site.clock.move(timedelta(hours=1))

    assert sum(written) == 60
    assert context.unknown_names.is_noted(now=site.clock.now())


async def test_twelve_sign_ins_at_once_check_two_passwords_at_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most, lock = 0, 0, threading.Lock()

    def slow(password_hash: str, password: str) -> bool:
        nonlocal inside, most
        with lock:
            inside, most = inside + 1, max(most, inside + 1)
        threading.Event().wait(0.02)
        with lock:
            inside -= 1
        return True

    monkeypatch.setattr(passwords, "verify_password", slow)
    context = site.app.state.context

    await asyncio.gather(*(context.passwords.verify("hash", "password") for _each in range(12)))

    assert most == pool_of.AT_ONCE == 2  # 64 MiB each, where twelve took 290 MB


async def test_beyond_the_queue_one_is_asked_to_press_once_more(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(passwords, "verify_password", lambda password_hash, password: released.wait(10))
    pool = site.app.state.context.passwords = PasswordPool(at_once=1, waiting=1)
    waiting = asyncio.gather(*(pool.verify("hash", "password") for _each in range(2)))
    await asyncio.sleep(0)

    answer = await attempt(site.browser())
    with pytest.raises(Busy):
        await pool.verify("hash", "password")
    released.set()
    await waiting

    assert answer.status_code == 503
    assert "یک بار دیگر" in answer.text
    assert await pool.verify("hash", "password")
