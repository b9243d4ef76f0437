"""The product and the browser: both started once for each worker, one Chromium window for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext

from desk.language.language import Language
from tests.browser.chromium import SHARED
from tests.browser.pages import Complaints
from tests.browser.patience import PATIENCE
from tests.browser.product import Product, running_product  # noqa: TID251  # here its pages are closed first

Started = TypeVar("Started")


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
    context = await (await SHARED.browser()).new_context(
        viewport={"width": width, "height": 900},
        locale="fa-IR",
        timezone_id="Asia/Tehran",
        reduced_motion="reduce",
    )
    try:
        context.set_default_timeout(PATIENCE)
        context.on("page", complaints.listen)
        yield context
    finally:
        await context.close()


@asynccontextmanager
async def opened_on(
    server: AbstractContextManager[Started], complaints: Complaints
) -> AsyncIterator[tuple[Started, BrowserContext]]:
    """Start a server and open a window on it, which is closed before the server ends, whatever happens.

    Its pages go on asking the server: where it ends first, each of them complains of that beside the true failure.
    """
    with server as started:
        async with another_window(complaints) as window:
            yield started, window


@pytest_asyncio.fixture
async def window(complaints: Complaints) -> AsyncIterator[BrowserContext]:
    """The window of most tests."""
    async with another_window(complaints) as opened:
        yield opened


@dataclass(frozen=True, slots=True)
class Premises:
    """A product that one test has for itself."""

    home: Path
    product: Product
    window: BrowserContext


@pytest_asyncio.fixture
async def premises(tmp_path: Path, complaints: Complaints) -> AsyncIterator[Premises]:
    """A demonstration of the test's own, for one that changes what other tests rely on."""
    home = tmp_path / "home"
    async with opened_on(running_product(home), complaints) as (product, window):
        yield Premises(home, product, window)
