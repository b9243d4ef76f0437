"""Two windows have the same form open: the second is shown what the first changed, keeps its words, saves knowingly."""

from __future__ import annotations

import pytest
from playwright.async_api import BrowserContext

from desk.language.language import Language
from tests.browser.conftest import another_window
from tests.browser.pages import Complaints, no_axe_complaints
from tests.browser.patience import expect
from tests.browser.product import Product
from tests.browser.test_story import at_the_desk

pytestmark = pytest.mark.browser

THEIRS = "برگه کاغذ کارت"
MINE = "برگه سند"
FORM = "/catalogue/1/edit"


async def test_the_second_window_is_shown_what_the_first_changed(
    window: BrowserContext, product: Product, language: Language, complaints: Complaints
) -> None:
    mine = await at_the_desk(window, product, username="admin", language=language)
    await mine.open(FORM)
    field, save = mine.page.locator("#keywords"), mine.page.locator("main form[method=post] button.btn-primary")
    before = await field.input_value()
    await field.fill(MINE)
    async with another_window(complaints) as elsewhere:
        theirs = await at_the_desk(elsewhere, product, username="admin", language=language)
        await theirs.open(FORM)
        await theirs.page.locator("#keywords").fill(THEIRS)
        await theirs.page.locator("#keywords").press("Enter")
        await theirs.page.wait_for_url(lambda address: not address.endswith(FORM))  # saved; the form has a heading too
        await theirs.open(FORM)
        await expect(theirs.page.locator("#keywords")).to_have_value(THEIRS)

        complaints.meant.add(409)
        await save.click()
        await expect(mine.page.locator("section.changes tbody tr")).to_have_count(1)
        await expect(mine.page.locator("section.changes tbody")).to_contain_text(THEIRS)
        await expect(mine.page.locator("#keywords-meanwhile")).to_contain_text(THEIRS)
        await expect(field).to_have_value(MINE)
        await no_axe_complaints(mine.page)
        await theirs.open(FORM)
        await expect(theirs.page.locator("#keywords")).to_have_value(THEIRS)  # nothing was saved unseen

    await field.fill(before)
    await save.click()
    await mine.page.wait_for_url(lambda address: not address.endswith(FORM))
    await mine.open(FORM)
    await expect(field).to_have_value(before)
