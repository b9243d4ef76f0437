"""The product and the browser: both started once for each test file's needs, one Chromium window for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, async_playwright

from desk.language.language import Language
from tests.browser.pages import Complaints
from tests.browser.patience import PATIENCE
from tests.browser.product import Product, running_product

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def language() -> Language:
    return Language.load()


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The demonstration, running."""
    with running_product(tmp_path_factory.mktemp("product") / "home") as started:
        yield started


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """The consoles of the test's pages, which may not say anything."""
    heard = Complaints()
    yield heard
    assert heard.said == []


@asynccontextmanager
async def another_window(complaints: Complaints, *, width: int = 1280) -> AsyncIterator[BrowserContext]:
    """A browser of its own, as on another desk, whose pages are listened to."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = await browser.new_context(
            viewport={"width": width, "height": 900},
            locale="fa-IR",
            timezone_id="Asia/Tehran",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        context.on("page", complaints.listen)
        yield context
        await browser.close()


@pytest_asyncio.fixture
async def window(complaints: Complaints) -> AsyncIterator[BrowserContext]:
    """The window of most tests."""
    async with another_window(complaints) as opened:
        yield opened
