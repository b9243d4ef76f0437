"""Cookies that no neighbouring host can set, and a browser that keeps nothing after the sign-out."""

from __future__ import annotations

from http.cookies import SimpleCookie

import httpx
import pytest

from tests.backoffice.conftest import Site, app_over_https, browser_of
from tests.backoffice.test_sign_in import attempt

pytestmark = pytest.mark.sqlite  # nothing here differs between the databases


def _set_by(answer: httpx.Response) -> SimpleCookie:
    jar = SimpleCookie()
    for each in answer.headers.get_list("set-cookie"):
        jar.load(each)
    return jar


async def test_over_https_every_cookie_is_bound_to_this_host(site: Site) -> None:
    app = app_over_https(site)
    names: set[str] = set()
    async with browser_of(app, "https://desk.test") as browser:
        for answer in (
            await browser.get("/sign-in"),
            await attempt(browser),
            await browser.get("/start"),
            await browser.get("/today"),
        ):
            for name, cookie in _set_by(answer).items():
                names.add(name)
                assert cookie["secure"], name
                assert cookie["httponly"], name
                assert cookie["path"] == "/", name
                assert not cookie["domain"], name
                assert cookie["samesite"] in {"lax", "strict"}, name

    assert {"__Host-visitor", "__Host-mizban"} <= names
    assert all(name.startswith("__Host-") for name in names), names


async def test_over_https_a_session_that_another_host_may_have_set_is_none(site: Site) -> None:
    app = app_over_https(site)
    async with browser_of(app, "https://desk.test") as browser:
        await attempt(browser)
        token = browser.cookies["__Host-mizban"]
    async with browser_of(app, "https://desk.test") as other:
        bound = await other.get("/account", headers={"cookie": f"__Host-mizban={token}"})
        tossed = await other.get("/account", headers={"cookie": f"mizban={token}"})

    assert bound.status_code == 200
    assert tossed.status_code == 303


async def test_after_the_sign_out_the_browser_keeps_none_of_our_pages(site: Site) -> None:
    browser = await site.signed_in("clerk")

    gone = await browser.post("/sign-out")

    assert gone.headers["clear-site-data"] == '"cache", "storage"'
