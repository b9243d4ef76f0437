"""The camera reads the code of a ticket with the reader that comes along; Chromium plays a film to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import segno
from playwright.async_api import Page, async_playwright
from sqlalchemy import select

from backoffice.app import BackofficeSettings, create_app
from desk.appointments.models import Appointment
from desk.storage.base import ReadSession
from desk.storage.engine import Storage
from tests.backoffice.conftest import IDENTITY_KEY, TEMPLATES, MovableClock
from tests.backoffice.world import World, build
from tests.browser.chromium import FLAGS, PATH
from tests.browser.patience import PATIENCE, expect
from tests.browser.stage import Stage, on_stage
from tests.prepared import Filling

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

WIDTH, HEIGHT, PIXELS = 640, 480, 9
FRAMES = 30
GREY = b"\x80"


@pytest.fixture
def filling() -> Filling:
    """The test world."""
    return build


@pytest_asyncio.fixture
async def stage(storage: Storage, holds: World) -> AsyncIterator[Stage]:
    """A running server."""
    app = create_app(
        storage=storage,
        templates=TEMPLATES,
        clock=MovableClock(),
        identity_key=IDENTITY_KEY,
        settings=BackofficeSettings(sign_ins_per_minute=100),
    )
    async with on_stage(app, holds) as staged:
        yield staged


def film_of(code: str, path: Path) -> None:
    """Write a film of a ticket held before the camera: its code, dark on white, somewhat off the middle."""
    modules = segno.make(code, error="m", micro=False).matrix
    light = [bytearray(b"\xeb" * WIDTH) for _ in range(HEIGHT)]
    for row, line in enumerate(modules):
        for column, dark in enumerate(line):
            if dark:
                for y in range(PIXELS):
                    start = 170 + column * PIXELS
                    light[90 + row * PIXELS + y][start : start + PIXELS] = b"\x10" * PIXELS
    frame = b"FRAME\n" + b"".join(light) + GREY * (WIDTH * HEIGHT // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * FRAMES)


async def opened(stage: Stage, page: Page) -> None:
    await stage.sign_in(page, "clerk")
    await page.goto(f"{stage.address}/board?office={stage.world.office}")


async def test_the_code_of_a_ticket_is_read_and_its_person_has_come(
    stage: Stage, storage: Storage, tmp_path: Path
) -> None:
    def code(session: ReadSession) -> str:
        return session.scalars(select(Appointment.code).where(Appointment.id == stage.world.appointments[0])).one()

    film = tmp_path / "ticket.y4m"
    film_of(await storage.read(code), film)
    played = (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )
    async with async_playwright() as steering:
        browser = await steering.chromium.launch(executable_path=PATH, args=[*FLAGS, *played])
        page = await browser.new_page(viewport={"width": 390, "height": 820}, locale="fa-IR")
        page.set_default_timeout(PATIENCE)
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        await opened(stage, page)
        assert not await page.evaluate("'BarcodeDetector' in window")

        await page.locator(".board-mine [data-scan]").click()
        found = page.locator(f"#found-{stage.world.appointments[0]}")
        await expect(found).to_be_visible()
        await expect(page.locator("#scanner")).to_be_hidden()
        assert await page.evaluate("document.querySelector('#scanner video').srcObject") is None
        await found.locator("[data-key=arrive]").click()
        await expect(page.locator("#board [data-said]")).to_contain_text("آمد")
        assert await page.locator(f"#people-here [data-person='{stage.world.appointments[0]}']").count() == 1
        assert said == []
        await browser.close()


async def test_a_browser_with_a_reader_of_its_own_needs_no_other(stage: Stage) -> None:
    played = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    async with async_playwright() as steering:
        browser = await steering.chromium.launch(executable_path=PATH, args=[*FLAGS, *played])
        page = await browser.new_page(viewport={"width": 390, "height": 820}, locale="fa-IR")
        page.set_default_timeout(PATIENCE)
        await page.add_init_script(
            """window.BarcodeDetector = class {
              static async getSupportedFormats() { return ["qr_code", "unknown"]; }
              async detect() { return [{ rawValue: " ۱۲۳ " }]; }
            };"""
        )
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await opened(stage, page)
        await page.locator(".board-mine [data-scan]").click()
        await expect(page.locator("#found .problem")).to_be_visible()
        assert not [url for url in asked if "vendor/qr" in url]
        await browser.close()


async def test_a_camera_that_is_refused_is_told_and_the_field_waits(stage: Stage) -> None:
    page = await stage.page(390)
    await opened(stage, page)
    await page.locator(".board-mine [data-scan]").click()
    await expect(page.locator("[data-scan-not]:visible")).to_have_count(1)
    await expect(page.locator("#find")).to_be_focused()
