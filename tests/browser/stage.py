"""Pages of the back office on a server in the loop of the test, and Chromium in front of them."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import uvicorn
from axe_playwright_python.async_playwright import Axe
from litestar import Litestar
from playwright.async_api import BrowserContext, Page

from backoffice.app import BackofficeSettings, create_app
from backoffice.web.live import Live
from desk.storage.engine import Storage
from tests.backoffice.conftest import IDENTITY_KEY, TEMPLATES, MovableClock
from tests.backoffice.world import PASSWORD, SECRET, World
from tests.browser.chromium import SHARED
from tests.browser.patience import PATIENCE
from tests.makers import NOW
from tests.signing_in import code_by_a_standing_clock

LOOPBACK: Final = "127.0.0.1"
HARMLESS = ("Password forms should have",)
"""Advice of Chromium that is no fault."""


@dataclass
class Stage:
    """A running server with its world, and the pages opened on it."""

    address: str
    world: World
    windows: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    codes_said: Counter[str] = field(default_factory=Counter)
    """By username: a code is taken once, and the clock stands still."""

    async def page(self, width: int, *, scripts: bool = True) -> Page:
        """A page of this width that remembers what the console complained of."""
        context = await (await SHARED.browser()).new_context(
            viewport={"width": width, "height": 820}, locale="fa-IR", java_script_enabled=scripts
        )
        self.windows.append(context)
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self._note("error", str(error)))
        return page

    def _note(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and not text.startswith(HARMLESS):
            self.complaints.append(text)

    async def sign_in(self, page: Page, username: str) -> None:
        """Through the form, as people do."""
        await page.goto(f"{self.address}/sign-in")
        await page.get_by_label("نام کاربری").fill(username)
        await page.get_by_label("رمز").fill(PASSWORD)
        await page.get_by_role("button", name="ورود").click()
        await page.wait_for_function("() => !document.querySelector('[name=username]')")
        if await page.locator("input[name=code]").count():
            self.codes_said[username] += 1
            code = code_by_a_standing_clock(SECRET, said=self.codes_said[username], now=NOW)
            await page.locator("input[name=code]").fill(code)
            await page.get_by_role("button", name="ورود", exact=True).first.click()
        await page.wait_for_url(re.compile("/(today|inbox|overview)"))


@asynccontextmanager
async def on_stage(app: Litestar, world: World, *, name: str = LOOPBACK, port: int = 0) -> AsyncIterator[Stage]:
    """Serve the pages under this name of the machine, on a free port where none is given.

    The windows are closed before the server ends, whatever happens: their pages go on asking.
    """
    server = uvicorn.Server(uvicorn.Config(app, host=LOOPBACK, port=port, log_level="warning", lifespan="off"))
    serving = asyncio.get_running_loop().create_task(server.serve())
    try:
        while not server.started:
            await asyncio.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        stage = Stage(f"http://{name}:{port}", world)
        try:
            yield stage
        finally:
            for window in stage.windows:
                await window.close()
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def on_live_stage(storage: Storage, world: World) -> AsyncIterator[Stage]:
    """The same, with pages that hear of changes."""
    clock = MovableClock()
    live = Live(storage, clock=clock)
    app = create_app(
        storage=storage,
        templates=TEMPLATES,
        clock=clock,
        identity_key=IDENTITY_KEY,
        live=live,
        settings=BackofficeSettings(sign_ins_per_minute=100),
    )
    telling = asyncio.get_running_loop().create_task(live.run())
    async with on_stage(app, world) as staged:
        yield staged
        live.close()
    telling.cancel()
    await asyncio.gather(telling, return_exceptions=True)


async def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page."""
    found = await Axe().run(page)
    return [
        f"{page.url}: {each['id']} {[node['html'][:90] for node in each['nodes']]}"
        for each in found.response["violations"]
    ]


async def sticks_out(page: Page) -> bool:
    """Whether the page has to be scrolled sideways."""
    return bool(await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
