"""The page of one's own sessions: what it says of each, and ending them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backoffice.staff.browsers import BrowserKind, Machine, browser_of
from tests.backoffice.conftest import Browser, Site
from tests.backoffice.test_sign_in import attempt
from tests.backoffice.test_stolen_cookies import token_of

pytestmark = pytest.mark.sqlite

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:152.0) Gecko/20100101 Firefox/152.0"
CHROME = "Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 Chrome/150.0.0.0 Mobile Safari/537.36"
SAMSUNG = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 SamsungBrowser/27.0 Chrome/125.0.0.0 Safari/537.36"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0"
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15"


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        (FIREFOX, (BrowserKind.FIREFOX, Machine.WINDOWS)),
        (CHROME, (BrowserKind.CHROME, Machine.PHONE)),
        (SAMSUNG, (BrowserKind.SAMSUNG, Machine.TABLET)),
        (EDGE, (BrowserKind.EDGE, Machine.WINDOWS)),
        (SAFARI, (BrowserKind.SAFARI, Machine.MAC)),
        ("", (BrowserKind.OTHER, Machine.OTHER)),
    ],
)
def test_browsers_are_told_apart(said: str, kinds: tuple[BrowserKind, Machine]) -> None:
    assert browser_of(said) == kinds


async def signed_in(site: Site, user_agent: str) -> Browser:
    """A browser of this kind in which the clerk signed in by the form."""
    browser = site.browser()
    browser.headers["user-agent"] = user_agent
    await attempt(browser)
    return Browser(browser, await token_of(browser))


async def test_the_page_says_where_one_is_signed_in_and_ends_one(site: Site) -> None:
    desk = await signed_in(site, FIREFOX)
    site.clock.move(timedelta(minutes=5))
    phone = await signed_in(site, CHROME)

    page = await desk.get("/account/sessions")
    ended = await desk.post("/account/sessions/end", {"which": which_of(page.text)})

    assert "فایرفاکس" in page.text
    assert "کروم" in page.text
    assert "همین مرورگر" in page.text
    assert (ended.status_code, ended.headers["location"]) == (303, "/account/sessions")
    assert (await phone.get("/today")).headers["location"].startswith("/sign-in")
    assert (await desk.get("/today")).status_code == 200


def which_of(text: str) -> str:
    """The name of the first session that can be ended."""
    return text.split('name="which" value="')[1].split('"', maxsplit=1)[0]


async def test_all_others_are_ended_at_once(site: Site) -> None:
    desk, phone, tablet = [await signed_in(site, each) for each in (FIREFOX, CHROME, SAMSUNG)]

    await desk.post("/account/sessions/end", {"which": "others"})

    assert (await desk.get("/today")).status_code == 200
    for other in (phone, tablet):
        assert (await other.get("/today")).headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("which", ["", "%", "a" * 23, "a" * 64])
async def test_nobody_ends_what_is_not_theirs(site: Site, which: str) -> None:
    clerk, manager = await site.signed_in("clerk"), await site.signed_in("manager")
    page = await (await site.signed_in("clerk")).get("/account/sessions")

    await manager.post("/account/sessions/end", {"which": which_of(page.text)})
    await manager.post("/account/sessions/end", {"which": which})

    assert (await clerk.get("/today")).status_code == 200
    assert (await manager.get("/today")).status_code == 200
