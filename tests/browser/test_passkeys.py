"""Passkeys with the virtual authenticator of Chromium: made, used at the sign-in and for asking again, taken out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio
from playwright.async_api import CDPSession, Page
from sqlalchemy import func, select

from backoffice.app import BackofficeSettings, create_app
from desk.staff import passkeys
from desk.staff.models import StaffPasskey
from desk.storage.base import ReadSession
from desk.storage.engine import Storage
from tests.backoffice.conftest import IDENTITY_KEY, TEMPLATES, MovableClock
from tests.backoffice.world import PASSWORD, World, build
from tests.browser.patience import expect
from tests.browser.stage import Stage, on_stage
from tests.ports import free_port
from tests.prepared import Filling

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]


@pytest.fixture
def filling() -> Filling:
    """The test world."""
    return build


@pytest_asyncio.fixture
async def stage(storage: Storage, holds: World) -> AsyncIterator[Stage]:
    """The pages at localhost, where browsers allow passkeys without https."""
    port = free_port()
    app = create_app(
        storage=storage,
        templates=TEMPLATES,
        clock=MovableClock(),
        identity_key=IDENTITY_KEY,
        settings=BackofficeSettings(sign_ins_per_minute=100, passkey_origin=f"http://localhost:{port}"),
    )
    async with on_stage(app, holds, name="localhost", port=port) as staged:
        yield staged


async def with_authenticator(page: Page) -> tuple[CDPSession, str]:
    """A device with a finger sensor, which always finds the right finger."""
    devices = await page.context.new_cdp_session(page)
    await devices.send("WebAuthn.enable")
    made = await devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return devices, made["authenticatorId"]


async def say_password(page: Page) -> None:
    """Where the password is asked for once more."""
    await page.locator("input[type=password]").fill(PASSWORD)
    await page.locator("main form button[type=submit]").first.click()


async def add_key(stage: Stage, page: Page) -> None:
    """Make a passkey as the pages lead one; ends at its recovery codes."""
    await page.goto(f"{stage.address}/account/passkeys")
    await page.get_by_role("button", name="افزودن کلید").click()
    await say_password(page)
    await page.get_by_label("نامی که به آن می‌دهید").fill("گوشی من")
    await page.get_by_role("button", name="ساختن کلید").click()
    await expect(page.locator("ol.recovery li")).to_have_count(10)


def kept(session: ReadSession) -> int:
    """The number of passkeys."""
    return session.scalar(select(func.count()).select_from(StaffPasskey)) or 0


async def test_a_passkey_is_made_opens_the_sign_in_and_stands_for_the_password(storage: Storage, stage: Stage) -> None:
    page = await stage.page(1280)
    devices, authenticator = await with_authenticator(page)
    await stage.sign_in(page, "officer")
    await add_key(stage, page)
    assert await storage.read(kept) == 1

    await page.context.clear_cookies()
    await page.goto(f"{stage.address}/sign-in")
    await page.get_by_label("نام کاربری").fill("officer")
    await page.get_by_label("رمز").fill(PASSWORD)
    await page.get_by_role("button", name="ورود").click()
    await expect(page.locator("input[name=code]")).to_be_visible()
    await page.get_by_role("button", name="با کلید").click()
    await page.wait_for_url(lambda address: "/inbox" in address)

    await page.goto(f"{stage.address}/inbox/{stage.world.question}/name")
    await page.get_by_role("button", name="با کلید").click()
    await expect(page.get_by_text("گل‌آقا رحیمی")).to_be_visible()

    # A finger that is not the owner's opens nothing.
    await page.context.clear_cookies(name="proof")
    await devices.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    await page.goto(f"{stage.address}/inbox/{stage.world.question}/name")
    await page.get_by_role("button", name="با کلید").click()
    await expect(page.locator("#passkey-failed")).to_be_visible()

    await page.goto(f"{stage.address}/account/passkeys")
    page.on("dialog", lambda dialog: dialog.accept())
    await page.get_by_role("button", name="حذف").click()
    await say_password(page)
    await expect(page.get_by_text("کلید حذف شد")).to_be_visible()
    assert await storage.read(kept) == 0
    assert stage.complaints == []


async def test_what_a_key_signed_is_taken_once_and_for_its_own_session_alone(
    storage: Storage, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await stage.page(1280)
    await with_authenticator(page)
    await stage.sign_in(page, "officer")
    await add_key(stage, page)
    tries: list[tuple[object, ...]] = []
    is_right = passkeys.is_right

    def watched(session, *, staff, origin, answer, now):  # type: ignore[no-untyped-def]  # as the one it stands for
        done = is_right(session, staff=staff, origin=origin, answer=answer, now=now)
        tries.append((staff, origin, answer, now, done))
        return done

    monkeypatch.setattr(passkeys, "is_right", watched)
    await page.context.clear_cookies(name="proof")
    await page.goto(f"{stage.address}/inbox/{stage.world.question}/name")
    await page.get_by_role("button", name="با کلید").click()
    await expect(page.get_by_text("گل‌آقا رحیمی")).to_be_visible()
    (staff, origin, answer, now, done) = tries[0]

    async def again(**changed: object) -> bool:
        said = {"staff": staff, "origin": origin, "answer": answer, "now": now} | changed
        return await storage.write(is_right, **said)  # type: ignore[arg-type]  # values of that call

    later = replace(staff, challenges=staff.challenges + 1)  # type: ignore[type-var, attr-defined]  # a SignedInStaff
    assert done
    assert not await again()
    assert not await again(staff=later)
    assert not await again(origin="https://evil.test")
    assert not await again(answer="{")
