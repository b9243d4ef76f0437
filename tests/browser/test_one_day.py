"""A page that stays open on one office's day asks the server again for that office and day only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Page, Request

from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.backoffice.world import World, build
from tests.browser.patience import PATIENCE, expect
from tests.browser.stage import Stage, on_live_stage
from tests.makers import TODAY
from tests.prepared import Filling

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

LONG_ENOUGH = 2.5
"""Seconds after which a page that was concerned would have asked: signals are gathered for 0.2, a look waits 0.4."""


@pytest.fixture
def filling() -> Filling:
    """The test world."""
    return build


@pytest_asyncio.fixture
async def stage(storage: Storage, holds: World) -> AsyncIterator[Stage]:
    """Two offices on a running server whose pages hear of changes, and Chromium."""
    async with on_live_stage(storage, holds) as staged:
        yield staged


def change(session: WriteSession, *, office_id: int, day: date) -> None:
    session.changed("turns", 7, office_id=office_id, day=day)


async def looks_of(page: Page) -> list[str]:
    """The requests that the page makes by itself from now on."""
    looks: list[str] = []

    def note(request: Request) -> None:
        if "mizban-by-itself" in request.headers:
            looks.append(request.url)

    page.on("request", note)
    return looks


async def test_another_office_and_another_day_make_the_page_ask_for_nothing(storage: Storage, stage: Stage) -> None:
    ours, theirs = stage.world.office, stage.world.other_office
    page = await stage.page(1280)
    await stage.sign_in(page, "admin")
    await page.goto(f"{stage.address}/today?office={ours}&day={TODAY.isoformat()}")
    await expect(page.locator('html[data-stream="open"]')).to_be_attached()
    looks = await looks_of(page)

    for office_id, day in ((theirs, TODAY), (ours, TODAY - timedelta(days=1)), (ours, TODAY + timedelta(days=1))):
        await storage.write(change, office_id=office_id, day=day)
    await asyncio.sleep(LONG_ENOUGH)
    assert looks == []

    async with page.expect_request(lambda request: "mizban-by-itself" in request.headers, timeout=PATIENCE):
        await storage.write(change, office_id=ours, day=TODAY)
    assert len(looks) == 1
    assert stage.complaints == []


async def test_without_its_office_and_day_a_piece_asks_for_everything(storage: Storage, stage: Stage) -> None:
    """The twin: one piece of the page that does not say what it shows makes all of it ask."""
    page = await stage.page(1280)
    await stage.sign_in(page, "admin")
    await page.goto(f"{stage.address}/today?office={stage.world.office}&day={TODAY.isoformat()}")
    await expect(page.locator('html[data-stream="open"]')).to_be_attached()
    await page.evaluate(
        "() => { for (const name of ['office', 'day']) delete document.getElementById('counts').dataset[name]; }"
    )
    async with page.expect_request(lambda request: "mizban-by-itself" in request.headers, timeout=PATIENCE):
        await storage.write(change, office_id=stage.world.other_office, day=TODAY)
