"""The number of the original paper, typed in the row of an appointment: asked, refused and answered in place."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from desk.storage.engine import Storage
from tests.backoffice.test_original_paper import NUMBER, WRONG, two_turns
from tests.browser.patience import expect
from tests.browser.stage import Stage, sticks_out
from tests.browser.test_day_list import PICTURES, filling, stage, unseen

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]
IMPORTED = (filling, stage)
"""Fixtures: a full day on a running server."""


@pytest.mark.parametrize("width", [390, 1280])
async def test_a_number_is_compared_in_the_row(storage: Storage, stage: Stage, width: int) -> None:
    site: Any = SimpleNamespace(world=stage.world, storage=storage)
    first, _second = await two_turns(site)
    page = await stage.page(width)
    await stage.sign_in(page, "clerk")
    row = page.locator(f"#appointment-{first}")
    await row.locator("[data-key=paper]").click()
    field = row.locator("input[name=number]")
    await expect(field).to_be_focused()
    assert await unseen(page) == []
    assert not await sticks_out(page)

    await field.fill(WRONG)
    await field.press("Enter")
    await expect(row.locator(".reasons")).to_be_visible()
    await expect(field).to_have_value("")
    await field.fill(NUMBER)
    await field.press("Enter")
    said = row.locator(".notice")
    await expect(said).to_be_visible()
    around, own = await row.bounding_box(), await said.bounding_box()
    assert around is not None
    assert own is not None
    assert own["width"] > around["width"] * 0.8
    await page.screenshot(path=PICTURES / f"paper-{width}.png")
    assert NUMBER not in await page.content()

    # The press is signalled to the page that made it, too: the look that follows takes no answer away unread.
    another = page.locator(f"#appointment-{stage.world.appointments[5]}")
    await another.evaluate("(row) => row.remove()")
    await page.evaluate("new BroadcastChannel('mizban-live').postMessage({ told: { subject: 'everything' } })")
    await expect(another).to_be_attached()
    await expect(said).to_be_visible()
    await row.evaluate("(row) => { row.dataset.seen = 'old'; }")  # so that it is not as the server writes it
    await another.evaluate("(row) => row.remove()")
    await page.evaluate("new BroadcastChannel('mizban-live').postMessage({ told: { subject: 'everything' } })")
    await expect(another).to_be_attached()
    await expect(row).not_to_have_attribute("data-seen", "old")
    await expect(said).to_be_visible()
