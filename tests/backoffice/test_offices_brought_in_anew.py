"""What a sent workbook changes is worked out anew when it is saved, and what is only written otherwise is no change."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta

import pytest
from sqlalchemy import update

from backoffice.brought_in import chosen, offices
from backoffice.brought_in.difference import Difference
from backoffice.brought_in.sheets import rows_of
from desk.language.text import Localised
from desk.offices.models import Office
from desk.storage.base import WriteSession
from tests.backoffice.conftest import Site
from tests.backoffice.forms import form_at
from tests.backoffice.test_bringing_in import (
    NEW,
    PATH,
    change,
    confirmed,
    numbers,
    office,
    row,
    sent,
    sent_file,
    taken,
)
from tests.backoffice.workbooks import with_parts, workbook


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
    preview = await sent(browser, [head, mine, *(each for each in rows if each["code"] != "72-1101")])
    held = []

    def hold_after_a_colleague(session: WriteSession, *, subject: str) -> None:
        session.execute(update(Office).where(Office.code == "72-1101").values(name=Localised({"fa": "نام همکار"})))
        held.append(subject)

    monkeypatch.setattr(offices, "hold", hold_after_a_colleague)
    answer = await confirmed(browser, preview)  # of one office that is changed and two that are not

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


async def stored_as(site: Site, code: str, other: str) -> None:
    """The office has this code from now on, as it is written."""

    def save(session: WriteSession) -> None:
        session.execute(update(Office).where(Office.code == code).values(code=other))

    await site.storage.write(save)


async def test_a_code_is_the_same_on_an_arabic_keyboard(site: Site) -> None:
    browser = await site.signed_in("admin")
    head, *rows = await taken(browser)
    before = await numbers(site)
    await confirmed(browser, await sent(browser, [head, row(**{**NEW, "code": "كرج-۱"})]))

    again = await sent(browser, [head, row(**{**NEW, "code": "كرج-۱"})])
    await stored_as(site, rows[0]["code"], "علي-1")  # as an old form stored it
    other = await sent(browser, [head, rows[0] | {"code": "علي-۱"}])

    assert await office(site, "کرج-1") is not None
    assert await numbers(site) == (before[0] + 1, before[1] + 1)
    for answer in (again, other):
        assert "چیزی برای ذخیره نیست" in answer.text


@pytest.mark.parametrize("latitude", ["۳۵.۷۲", "35٫72", "٣٥٫٧٢", "۳۵/۷۲", "35,72", "۳۵،۷۲"])
async def test_a_place_on_the_map_is_read_in_whichever_digits_and_point(site: Site, latitude: str) -> None:
    browser = await site.signed_in("admin")
    head, *_rows = await taken(browser)

    done = await confirmed(browser, await sent(browser, [head, row(**{**NEW, "latitude": latitude})]))

    assert done.status_code == 303
    made = await office(site, "71-0501")
    assert made is not None
    assert made.latitude == 35.72


async def test_a_latitude_that_cannot_be_read_is_told_once(site: Site) -> None:
    browser = await site.signed_in("admin")
    head, *_rows = await taken(browser)

    wrong = await sent(browser, [head, row(**{**NEW, "latitude": "دور"})])
    one = await sent(browser, [head, row(**{**NEW, "latitude": ""})])

    assert wrong.text.count("عرض جغرافیایی") == 1
    assert "هر دو را بنویسید" not in wrong.text
    assert "هر دو را بنویسید" in one.text


async def test_what_there_is_none_of_is_not_counted(site: Site) -> None:
    browser = await site.signed_in("admin")
    head, *rows = await taken(browser)

    answer = await sent(browser, [head, *rows, row(**NEW)])

    assert "۱ جدید" in answer.text
    assert "۲ بدون تغییر" in answer.text
    for told in ("تغییرکرده", "نیازمند اصلاح", "۰"):
        assert told not in answer.text.partition('role="status">')[2].partition("</p>")[0], told


async def test_a_sheet_never_leaves_offices_out_in_silence(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chosen, "MOST_ROWS", 1)
    browser, province = await site.signed_in("admin"), await site.signed_in("province")

    whole = await browser.post(f"{PATH}/sheet")
    part = await browser.post(f"{PATH}/sheet", {"province": "IR-30"})
    found = await browser.post(f"{PATH}/sheet", {"words": "طرق"})

    assert whole.status_code == 422
    assert "۲ ردیف" in whole.text
    assert '<option value="IR-30"' in whole.text
    assert part.status_code == 200
    assert {each.cells[1] for each in rows_of(part.content)[1:]} == {"72-1101"}
    assert {each.cells[1] for each in rows_of(found.content)[1:]} == {"72-2201"}
    assert 'name="province"' not in (await province.get(PATH)).text


async def test_a_dense_file_is_told_that_it_is_dense(site: Site) -> None:
    browser = await site.signed_in("admin")
    dense = with_parts(workbook([["x"]]), {"xl/worksheets/sheet1.xml": b" " * 600_000})

    answer = await sent_file(browser, dense)

    assert answer.status_code == 422
    assert "بسیار بیشتر" in answer.text
    assert "بزرگ‌تر از" not in answer.text


async def test_who_was_signed_out_reads_that_the_file_has_to_be_chosen_again(site: Site) -> None:
    browser = await site.signed_in("admin")
    rows = await taken(browser)
    site.clock.move(timedelta(hours=13))

    answer = await sent(browser, rows)

    assert answer.status_code == 401
    assert "فایل را دوباره انتخاب کنید" in answer.text
