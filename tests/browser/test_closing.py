"""A window is closed before what it looks at: a test that fails complains once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.async_api import BrowserContext

from tests.browser.conftest import another_window, opened_on
from tests.browser.pages import Complaints
from tests.browser.patience import PATIENCE

pytestmark = pytest.mark.browser

ASKS_ON = b"""<!doctype html><link rel=icon href=data:,>
<script>setInterval(() => fetch("/").then(() => { window.had = 1; }, () => {}), 20);</script>"""


class Page(BaseHTTPRequestHandler):
    """A page that asks its server again and again."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(ASKS_ON)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        running = threading.Thread(target=server.serve_forever)
        running.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            running.join()


async def asking(window: BrowserContext, address: str) -> None:
    """Open the page, and wait until it has asked once."""
    page = await window.new_page()
    await page.goto(address)
    await page.wait_for_function("window.had")


async def test_a_test_that_fails_leaves_no_page_asking_a_server_that_is_gone() -> None:
    heard = Complaints()

    async def fail() -> None:
        async with opened_on(serving(), heard) as (address, window):
            await asking(window, address)
            _ = 1 / 0

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert heard.said == []


async def test_a_page_that_outlives_its_server_complains() -> None:
    """The twin: the server ends first."""
    heard = Complaints()
    async with another_window(heard) as window:
        with serving() as address:
            await asking(window, address)
        await window.pages[0].wait_for_event("console", timeout=PATIENCE)
    assert "net::ERR_" in heard.said[0], "refused, or an answer that was cut off: as the server was met"
