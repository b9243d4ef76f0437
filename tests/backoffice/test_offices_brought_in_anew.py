"""What a sent workbook changes is worked out anew when it is saved, and what is only written otherwise is no change."""

from __future__ import annotations

from base64 import b64encode

import pytest
from sqlalchemy import update

from backoffice.brought_in import offices
from backoffice.brought_in.difference import Difference
from desk.language.text import Localised
from desk.offices.models import Office
from desk.storage.base import WriteSession
from tests.backoffice.conftest import Site
from tests.backoffice.forms import form_at
from tests.backoffice.test_bringing_in import NEW, PATH, change, confirmed, numbers, row, sent, taken
from tests.backoffice.workbooks import workbook


async def test_a_press_that_says_save_over_a_fault_saves_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the sign is right, which the page gives out for no file with a fault."""
    browser = await site.signed_in("admin")
    head, *_rows = await taken(browser)
    preview = await sent(browser, [head, row(**NEW)])
    rows = [head, row(**NEW), row(**{**NEW, "code": "71-0502", "kind": "غرفه"})]
    faulty = b64encode(workbook([list(each.values()) for each in rows])).decode()
    before = await numbers(site)
    monkeypatch.setattr(Difference, "sign", "right")

    answer = await browser.post(
        PATH, {**form_at(preview.text, PATH).values, "kept": faulty, "seen": "right", "do": "save"}
    )

    assert answer.status_code == 409
    assert await numbers(site) == before


async def test_what_a_colleague_saves_while_it_waits_for_them_is_seen(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await site.signed_in("admin")
    head, *rows = await taken(browser)
    mine = next(each for each in rows if each["code"] == "72-1101") | {"name_fa": "نام من"}
    preview = await sent(browser, [head, mine])
    held = []

    def hold_after_a_colleague(session: WriteSession, *, subject: str) -> None:
        session.execute(update(Office).where(Office.code == "72-1101").values(name=Localised({"fa": "نام همکار"})))
        held.append(subject)

    monkeypatch.setattr(offices, "hold", hold_after_a_colleague)
    answer = await confirmed(browser, preview)

    assert (answer.status_code, held) == (409, [f"office:{site.world.office}"])
    assert "نام همکار" in answer.text


async def test_letters_of_another_keyboard_that_stand_there_already_are_no_change(site: Site) -> None:
    browser = await site.signed_in("admin")
    await change(site, "72-1101", name=Localised({"fa": "دفتر كفالت علي"}))

    answer = await sent(browser, await taken(browser))

    assert "چیزی برای ذخیره نیست" in answer.text


async def test_a_number_typed_in_another_way_is_no_change(site: Site) -> None:
    browser = await site.signed_in("admin")
    head, *rows = await taken(browser)
    mine = next(each for each in rows if each["code"] == "72-1101")

    answer = await sent(browser, [head, mine | {"phone": "۰۲۶-۳۴۵۶۷۸۹۰"}])

    assert "چیزی برای ذخیره نیست" in answer.text
