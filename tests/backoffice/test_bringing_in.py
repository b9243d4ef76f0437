"""Bringing in offices by a workbook: what is shown is what is done, all of it or nothing, and within one's reach."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from html import unescape
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.util import await_only

from backoffice.brought_in import cells, offices
from backoffice.brought_in.archive import LARGEST_FILE
from backoffice.brought_in.offices import FIELDS
from backoffice.brought_in.sheets import rows_of
from backoffice.offices import saving
from backoffice.offices.forms import OfficeForm
from backoffice.offices.saving import save_form
from desk.events.models import Event
from desk.language.text import Localised
from desk.offices.models import Office
from desk.reading.folding import clean
from desk.storage.base import ReadSession, WriteSession
from tests.backoffice.conftest import Browser, Site
from tests.backoffice.forms import form_at
from tests.backoffice.workbooks import part_of, workbook

PATH = "/offices/bring-in"
NEW: Mapping[str, str] = {
    "code": "۷۱-۰۵۰۱",
    "kind": "دفتر كفالت",
    "province": "البرز",
    "city_fa": "فردیس",
    "name_fa": "دفتر كفالت فردیس",
    "phone": "۰۲۶ ۳۴۵۶ ۷۸۹۱",
    "latitude": "۳۵٫۷۲",
    "longitude": "50.98",
    "is_active": "بله",
}


async def taken(browser: Browser) -> list[dict[str, str]]:
    """The sheet as the person takes it: the headings, then the rows."""
    answer = await browser.post(f"{PATH}/sheet")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    rows = rows_of(answer.content)
    return [{name: row.cells.get(number, "") for number, name in enumerate(FIELDS, start=1)} for row in rows]


async def sent(browser: Browser, rows: list[dict[str, str]], *, token: str | None = None) -> httpx.Response:
    """What the page answers to a workbook with these rows, the first of which are the headings."""
    return await sent_file(browser, workbook([list(row.values()) for row in rows]), token=token)


async def sent_file(browser: Browser, content: bytes, *, token: str | None = None, path: str = PATH) -> httpx.Response:
    data = {"_token": browser.token if token is None else token, "_key": secrets.token_urlsafe(12)}
    return await browser.client.post(path, data=data, files={"file": ("دفترها.xlsx", content)})


async def confirmed(browser: Browser, preview: httpx.Response) -> httpx.Response:
    """Press «bring in all of it» on the page that showed the difference."""
    return await browser.post(PATH, {**form_at(preview.text, PATH).values, "do": "save"})


def row(**cells: str) -> dict[str, str]:
    return dict.fromkeys(FIELDS, "") | dict(cells)


async def office(site: Site, code: str) -> Office | None:
    return await site.storage.read(lambda session: session.scalar(select(Office).where(Office.code == code)))


async def numbers(site: Site) -> tuple[int, int]:
    """How many offices there are, and how many events tell of them."""

    def count(session: ReadSession) -> tuple[int, int]:
        offices = session.scalar(select(func.count()).select_from(Office)) or 0
        events = session.scalar(select(func.count()).select_from(Event).where(Event.kind.startswith("office."))) or 0
        return offices, events

    return await site.storage.read(count)


async def change(site: Site, code: str, **values: Any) -> None:
    """A colleague saves something."""

    def save(session: WriteSession) -> None:
        session.execute(update(Office).where(Office.code == code).values(**values))

    await site.storage.write(save)


async def test_what_is_shown_is_what_is_done(site: Site) -> None:
    browser = await site.signed_in("admin")
    head, *rows = await taken(browser)
    mine = next(each for each in rows if each["code"] == "72-1101")
    mine["name_fa"] = "دفتر پیشخوان تازه"
    before = await numbers(site)

    preview = await sent(browser, [head, *rows, row(**NEW)])

    assert preview.status_code == 200
    for said in ("دفتر پیشخوان گلشهر", "دفتر پیشخوان تازه", "دفتر کفالت فردیس", "هنوز چیزی ذخیره نشده است"):
        assert said in preview.text, said
    assert await numbers(site) == before

    done = await confirmed(browser, preview)

    assert (done.status_code, done.headers["location"]) == (303, "/offices")
    assert await numbers(site) == (before[0] + 1, before[1] + 2)
    made, changed = await office(site, "71-0501"), await office(site, "72-1101")
    assert made is not None
    assert changed is not None
    assert (made.name, made.phone, made.latitude) == (Localised({"fa": "دفتر کفالت فردیس"}), "+982634567891", 35.72)
    assert (changed.name, changed.phone) == (Localised({"fa": "دفتر پیشخوان تازه"}), "+982634567890")
    history = (await browser.get("/history")).text
    assert "دفتر کفالت فردیس" in history
    again = await sent(browser, await taken(browser))
    assert "چیزی برای ذخیره نیست" in again.text


@pytest.mark.parametrize("language", ["fa", "fa_AF"])
async def test_the_sheet_comes_back_as_it_was_taken(site: Site, language: str) -> None:
    browser = await site.signed_in("admin")
    await browser.post("/account/language", {"language": language})

    answer = await sent(browser, await taken(browser))

    assert 'value="save"' not in answer.text
    assert len(await taken(browser)) == 3


async def test_one_fault_far_below_and_nothing_is_saved(site: Site) -> None:
    browser = await site.signed_in("admin")
    head, *_rows = await taken(browser)
    rows = [row(**{**NEW, "code": f"71-{number:04}"}) for number in range(2, 2001)]
    rows[1498] |= {"latitude": "دور", "is_active": "شاید"}
    before = await numbers(site)

    answer = await sent(browser, [head, *rows])

    assert answer.status_code == 422
    assert "ردیف ۱۵۰۰" in answer.text
    assert "لطفاً «بله» یا «نه» بنویسید" in answer.text
    assert "عرض جغرافیایی" in answer.text
    assert 'value="save"' not in answer.text
    assert await numbers(site) == before


async def test_a_press_that_says_save_over_another_file_saves_nothing(site: Site) -> None:
    browser = await site.signed_in("admin")
    head, *_rows = await taken(browser)
    preview = await sent(browser, [head, row(**NEW)])
    fields = form_at(preview.text, PATH).values
    other = form_at((await sent(browser, [head, row(**{**NEW, "code": "71-0502"})])).text, PATH).values
    before = await numbers(site)

    answer = await browser.post(PATH, {**fields, "kept": other["kept"], "do": "save"})

    assert answer.status_code == 409
    assert await numbers(site) == before


async def test_what_was_changed_meanwhile_is_said_and_nothing_is_lost(site: Site) -> None:
    browser = await site.signed_in("admin")
    head, *rows = await taken(browser)
    rows[0]["name_fa"] = "نام من"
    preview = await sent(browser, [head, *rows])
    await change(site, rows[0]["code"], name=Localised({"fa": "نام همکار"}))

    answer = await confirmed(browser, preview)

    assert answer.status_code == 409
    assert "در این فاصله چیزی این‌جا تغییر کرد" in answer.text
    assert "نام همکار" in answer.text
    there = await office(site, rows[0]["code"])
    assert there is not None
    assert there.name == Localised({"fa": "نام همکار"})
    assert (await confirmed(browser, answer)).status_code == 303


async def test_two_who_bring_in_one_new_office_make_it_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each saves only when both have compared; with the lock the other cannot come, and the wait ends by itself."""
    admin, province = [await site.signed_in(name) for name in ("admin", "province")]
    head, *_rows = await taken(admin)
    previews = [await sent(each, [head, row(**NEW)]) for each in (admin, province)]
    before = await numbers(site)
    both = asyncio.Barrier(2)

    async def meet() -> None:
        with suppress(TimeoutError, asyncio.BrokenBarrierError):
            await asyncio.wait_for(both.wait(), timeout=0.5)

    def save_when_both_are_there(session: WriteSession, form: OfficeForm, **rest: Any) -> int:
        if not site.storage.is_sqlite:  # whose one writer cannot wait for another
            await_only(meet())
        return save_form(session, form, **rest)

    monkeypatch.setattr(offices, "save_form", save_when_both_are_there)
    answers = await asyncio.gather(confirmed(admin, previews[0]), confirmed(province, previews[1]))

    first, second = sorted(answers, key=lambda answer: answer.status_code)
    assert (first.status_code, second.status_code) == (303, 409)
    assert "چیزی برای ذخیره نیست" in second.text
    assert await numbers(site) == (before[0] + 1, before[1] + 1)


async def test_sent_twice_is_done_once(site: Site) -> None:
    browser = await site.signed_in("admin")
    head, *_rows = await taken(browser)
    fields = {**form_at((await sent(browser, [head, row(**NEW)])).text, PATH).values, "do": "save"}

    first = await browser.post(PATH, fields)
    once = await numbers(site)
    second = await browser.post(PATH, fields)

    assert (first.status_code, second.status_code) == (303, 303)
    assert second.headers["location"] == "/offices"
    assert await numbers(site) == once


async def test_nobody_brings_in_what_is_not_theirs(site: Site) -> None:
    admin, manager, province = [await site.signed_in(name) for name in ("admin", "manager", "province")]
    head, *rows = await taken(admin)
    theirs = await taken(manager)
    far = next(each for each in rows if each["code"] == "72-2201")
    near = next(each for each in rows if each["code"] == "72-1101")

    assert [each["code"] for each in theirs[1:]] == ["72-1101"]
    other = await sent(province, [head, far | {"name_fa": "نام"}])
    assert other.status_code == 422
    assert "این دفتر در حوزهٔ شما نیست" in other.text
    assert far["name_fa"] not in other.text
    elsewhere = await sent(province, [head, row(**{**NEW, "province": far["province"]})])
    assert "این استان در حوزهٔ شما نیست" in elsewhere.text
    made = await sent(manager, [head, row(**NEW)])
    assert "این استان در حوزهٔ شما نیست" in made.text
    kind = await sent(manager, [head, near | {"kind": "دفتر کفالت"}])
    assert kind.status_code == 422
    assert (await sent(manager, [head, near | {"name_fa": "نام"}])).status_code == 200
    said = [(await each.get(PATH)).text for each in (manager, province)]
    assert ["دفترهای جدید" in each for each in said] == [False, True]  # only who may add one is told to
    clerk = await site.signed_in("clerk")
    assert (await sent(clerk, [head, near])).status_code == 403
    assert (await clerk.get(PATH)).status_code == 403


async def test_people_who_hold_turns_are_never_moved_by_a_file(site: Site) -> None:
    site.clock.move(-timedelta(days=1))
    browser = await site.signed_in("admin")
    head, *rows = await taken(browser)
    mine = next(each for each in rows if each["code"] == "72-1101")

    closed = await sent(browser, [head, mine | {"is_active": "نه"}])
    moved = await sent(browser, [head, mine | {"address_fa": "میدان نو"}])

    for answer in (closed, moved):
        assert answer.status_code == 422
        assert "نفر آن‌جا نوبت دارند" in answer.text
        assert f'href="/offices/{site.world.office}"' in answer.text
    site.clock.move(timedelta(days=60))
    browser = await site.signed_in("admin")
    assert (await confirmed(browser, await sent(browser, [head, mine | {"address_fa": "میدان نو"}]))).status_code == 303


async def test_a_code_twice_names_the_other_row(site: Site) -> None:
    browser = await site.signed_in("admin")
    head, *_rows = await taken(browser)

    answer = await sent(browser, [head, row(**NEW), row(**{**NEW, "code": "71-0501"})])

    assert "این کد در ردیف ۳ هم آمده است" in answer.text
    assert "این کد در ردیف ۲ هم آمده است" in answer.text


async def test_formulas_and_merged_cells_are_faults_of_their_rows(site: Site) -> None:
    browser = await site.signed_in("admin")
    head, *_rows = await taken(browser)

    def also(book: Any) -> None:
        page = book.worksheets()[0]
        page.write_formula(1, FIELDS.index("name_fa"), "=1+1", None, "دفتر")
        page.merge_range(2, FIELDS.index("city_fa"), 3, FIELDS.index("city_fa"), "فردیس")

    rows = [head, row(**NEW), row(**{**NEW, "code": "71-0502", "city_fa": ""}), row(**{**NEW, "code": "71-0503"})]
    answer = await sent_file(browser, workbook([list(each.values()) for each in rows], also=also))

    assert answer.status_code == 422
    assert "در این خانه فرمول است" in answer.text
    assert "در این ردیف خانه‌ها ادغام شده‌اند" in answer.text
    assert 'value="save"' not in answer.text


async def test_a_bad_file_gets_one_sentence_and_the_page_again(site: Site) -> None:
    browser = await site.signed_in("admin")
    head, *_rows = await taken(browser)
    del head["kind"]

    rubbish = await sent_file(browser, b"\xff\xd8\xff\xe0 a photo")
    lacking = await sent(browser, [head, head])
    nothing = await sent_file(browser, b"")
    large = await sent_file(browser, b"x" * (LARGEST_FILE + 1))
    beyond = await sent_file(browser, b"x" * (LARGEST_FILE * 5))
    altered = await browser.post(PATH, {"kept": "سلام", "do": "save"})

    assert "این فایل خوانده نشد" in rubbish.text
    assert "ستون «نوع دفتر» در فایل نیست" in unescape(lacking.text)
    assert "فایلی نرسید" in nothing.text
    assert "فایل بزرگ‌تر از" in large.text
    assert beyond.status_code == 413
    for answer in (rubbish, lacking, nothing, large, altered):
        assert answer.status_code == 422
        assert 'type="file"' in answer.text


async def test_the_form_is_guarded_as_all_forms_are(site: Site) -> None:
    browser = await site.signed_in("admin")
    rows = await taken(browser)
    before = await numbers(site)

    forged = await sent(browser, [*rows, row(**NEW)], token="x")
    elsewhere = await browser.client.post("/offices/new", data={"_token": browser.token}, files={"file": b"x"})

    assert forged.status_code == 403
    assert elsewhere.status_code == 415
    assert await numbers(site) == before


async def test_a_name_neither_turns_the_page_around_nor_fills_it(site: Site) -> None:
    browser = await site.signed_in("admin")
    head, *_rows = await taken(browser)
    hostile = {"name_fa": "\u202eدفتر\u202c\a یک", "is_active": ""}
    endless = {"code": "7" * 10_000, "name_fa": "ن" * 10_000}

    answer = await sent(browser, [head, row(**{**NEW, **hostile}), row(**{**NEW, **endless})])

    nameless = await sent(browser, [head, row(**{**NEW, "name_fa": ""})])

    assert answer.status_code == 422
    assert nameless.text.count("۷۱-۰۵۰۱") == 1
    assert "<b><bdi>دفتر یک</bdi></b>" in answer.text
    assert "ن" * 120 + "…" in answer.text
    assert "ن" * 121 not in answer.text
    assert "۷" * 121 not in answer.text


async def test_what_looks_like_a_formula_comes_back_as_the_text_that_it_is(site: Site) -> None:
    browser = await site.signed_in("admin")
    head, *_rows = await taken(browser)
    names = {
        "name_fa": "=cmd|' /C calc'!A0",
        "city_fa": "=1+1",
        "name_fa_AF": "_x0041_",
        "address_fa": "https://x.example",
    }

    done = await confirmed(browser, await sent(browser, [head, row(**{**NEW, **names})]))

    assert done.status_code == 303
    content = (await browser.post(f"{PATH}/sheet")).content
    assert not any(each.computed for each in rows_of(content))
    assert b"hyperlink" not in part_of(content, "xl/worksheets/sheet1.xml")
    made = next(each for each in await taken(browser) if each["code"] == "71-0501")
    assert {name: made[name] for name in names} == names
    assert "چیزی برای ذخیره نیست" in (await sent_file(browser, content)).text


async def test_many_codes_that_stand_twice_are_looked_through_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = await site.signed_in("admin")
    head, *_rows = await taken(browser)
    tidied = 0

    def counting(text: str) -> str:
        nonlocal tidied
        tidied += 1
        return clean(text)

    for module in (cells, saving):
        monkeypatch.setattr(module, "clean", counting)
    codes = [f"71-{number:04}" for number in range(40)] * 2
    answer = await sent(browser, [head, *(row(**{**NEW, "code": code}) for code in codes)])

    assert "این کد در ردیف ۴۲ هم آمده است" in answer.text
    assert tidied <= 10 * len(codes)
