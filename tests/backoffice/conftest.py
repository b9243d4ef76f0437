"""Fixtures: the pages over a small test world, and browsers that are signed in as its staff."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, cast

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar
from sqlalchemy import select

from backoffice.app import BackofficeSettings, create_app
from backoffice.layout.templates import Templates
from backoffice.readings import Readings
from backoffice.web.assets import Assets
from backoffice.web.context import FetchVoice
from backoffice.web.live import Live
from desk.language.language import Language
from desk.staff import actions as staff_actions
from desk.staff.models import StaffMember
from desk.staff.proofs import prove
from desk.storage.base import WriteSession
from desk.storage.digests import DigestPool
from desk.storage.engine import Storage
from mizban.messengers import MESSENGERS
from tests import weak_hashes
from tests.backoffice.world import World, build
from tests.keys import KEYS
from tests.makers import NOW, TODAY
from tests.prepared import Filling

LANGUAGE = Language.load()
TEMPLATES = Templates(LANGUAGE, Assets(), messengers={each.name: each.label for each in MESSENGERS})
"""Shared by all applications of the tests: reading the templates takes longer than most tests."""
IDENTITY_KEY = weak_hashes.keys(b"key of the tests")


@dataclass
class MovableClock:
    """A clock that shows the same moment until a test moves it."""

    at: datetime = NOW
    heard: list[tuple[str, str, str]] = field(default_factory=list)

    def now(self) -> datetime:
        """The moment the test has set."""
        return self.at

    def move(self, by: timedelta) -> None:
        """Let time pass."""
        self.at += by


def browser_of(app: Litestar, address: str) -> httpx.AsyncClient:
    """A browser that speaks to the app in this event loop."""
    # Litestar types its messages more narrowly than httpx; it is the same protocol.
    transport = httpx.ASGITransport(app=cast("Any", app), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=address)


@dataclass
class Site:
    """The running back office with its data."""

    app: Litestar
    storage: Storage
    world: World
    clock: MovableClock
    live: Live
    browsers: list[httpx.AsyncClient] = field(default_factory=list)

    def browser(self) -> httpx.AsyncClient:
        """A browser without a session.

        httpx speaks to the app in the test's own event loop: Litestar's client would run it in another thread, where
        the connections of PostgreSQL do not belong.
        """
        browser = browser_of(self.app, "http://desk.test")
        self.browsers.append(browser)
        return browser

    async def written_down(self) -> None:
        """Write collected readings into the history, as it happens within a second."""
        await self.app.state.context.readings.flush()

    async def opened_day(self, username: str, *, day: date = TODAY) -> Browser:
        """A browser of this member, who has given a reason to see the names of this day at both offices."""
        browser = await self.signed_in(username)
        for office in (self.world.office, self.world.other_office):
            asked = {"office": str(office), "day": day.isoformat(), "reason": "بازبینی فهرست این روز"}
            await browser.post("/today/open", asked)
        return browser

    async def signed_in(self, username: str, *, has_proved: bool = True) -> Browser:
        """A browser with a session of this member, who has just said the password once more unless told otherwise."""

        def open_session(session: WriteSession) -> tuple[staff_actions.SignedIn, str]:
            staff_id = session.scalars(select(StaffMember.id).where(StaffMember.username == username)).one()
            opened = staff_actions.open_session(session, staff_id=staff_id, now=self.clock.now())
            return opened, prove(session, token_hash=opened.staff.token_hash, now=self.clock.now())

        opened, proof = await self.storage.write(open_session)
        browser = self.browser()
        browser.cookies.set("mizban", opened.token)
        if has_proved:
            browser.cookies.set("proof", proof)
        return Browser(browser, opened.staff.csrf_token)


@dataclass
class Browser:
    """A signed-in browser that fills in the forms' token as the pages do."""

    client: httpx.AsyncClient
    token: str

    async def get(self, path: str, *, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Open a page."""
        return await self.client.get(path, headers=headers)

    async def post(
        self, path: str, data: Mapping[str, str | list[str]] | None = None, *, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Send a form, each with a key of its own unless `data` holds one."""
        sent = {"_token": self.token, "_key": secrets.token_urlsafe(12), **(data or {})}
        return await self.client.post(path, data=sent, headers=headers)


def app_over_https(site: Site) -> Litestar:
    """The application over the same database, as staff reach it by https."""
    return create_app(
        storage=site.storage,
        templates=TEMPLATES,
        clock=site.clock,
        identity_key=IDENTITY_KEY,
        settings=BackofficeSettings(is_https=True),
    )


@cache
def _app() -> Litestar:
    """The application of all page tests: Litestar takes a fifth of a second to read the route table."""
    nowhere = Storage("sqlite://", keys=KEYS)
    clock = MovableClock()
    return create_app(
        live=Live(nowhere, clock=clock),
        storage=nowhere,
        templates=TEMPLATES,
        clock=clock,
        identity_key=IDENTITY_KEY,
        settings=BackofficeSettings(sign_ins_per_minute=8),
    )


async def _app_over(storage: Storage, *, clock: MovableClock, live: Live, fetch_voice: FetchVoice) -> Litestar:
    """The same application over another database, without any state."""
    app = _app()
    behind = app.state.context
    behind.storage, behind.clock, behind.live, behind.fetch_voice = storage, clock, live, fetch_voice
    behind.readings = Readings(storage)
    behind.digests = DigestPool()  # what another test asked for counts for no account of this one
    for part in fields(behind):
        if callable(part.default_factory):
            setattr(behind, part.name, part.default_factory())
    await app.stores.get("rate_limit").delete_all()
    return app


@asynccontextmanager
async def opened_site(storage: Storage, *, holds: World | None = None) -> AsyncIterator[Site]:
    """The pages over a database that holds this world, or over an empty one, which is filled first."""
    world = await storage.write(build) if holds is None else holds
    clock = MovableClock()

    async def fetch_voice(channel: str, bot: str, file_id: str) -> AsyncIterator[bytes] | None:
        clock.heard.append((channel, bot, file_id))

        async def sound() -> AsyncIterator[bytes]:
            yield b"OggS"
            yield b"voice"

        return sound() if file_id == "voice-1" else None

    live = Live(storage, clock=clock)
    live.close()  # httpx waits for the end of an answer, and a stream has none
    app = await _app_over(storage, clock=clock, live=live, fetch_voice=fetch_voice)
    running = Site(app=app, storage=storage, world=world, clock=clock, live=live)
    try:
        yield running
    finally:
        for browser in running.browsers:
            await browser.aclose()


@pytest.fixture
def filling(request: pytest.FixtureRequest) -> Filling | None:
    """The test world, for the tests of pages."""
    return build if "site" in request.fixturenames else None


@pytest_asyncio.fixture
async def site(storage: Storage, holds: World | None) -> AsyncIterator[Site]:
    """The pages over a filled database."""
    async with opened_site(storage, holds=holds) as running:
        yield running
