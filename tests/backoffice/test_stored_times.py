"""Times and days that a spreadsheet keeps as numbers, in the sheets of hours and of accounts."""

from __future__ import annotations

import pytest

from backoffice.brought_in import hour_rows, staff_rows
from backoffice.brought_in.stored_times import typed_day, typed_time
from desk.capacity.planned_hours import Hours
from tests.backoffice.conftest import Site
from tests.backoffice.test_bringing_in import sent_file
from tests.backoffice.test_hours_brought_in import PATH, confirmed, read, row, taken, week_at
from tests.backoffice.test_staff_brought_in import PATH as STAFF
from tests.backoffice.test_staff_brought_in import row as account
from tests.backoffice.test_staff_brought_in import taken as accounts_taken
from tests.backoffice.workbooks import Cell, part_of, with_parts, workbook

FIRST_OF_DEY = 46_378.0
"""1 Dey 1405, as Excel keeps a day."""


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ("0.3541666666666667", "8:30"),
        ("0.35416666666667", "8:30"),
        ("0.375", "9:00"),
        (".5", "12:00"),
        ("0.999305555555556", "23:59"),
        ("0.3333", "0.3333"),
        ("0.99999999", "0.99999999"),
        ("۰٫۳۷۵", "۰٫۳۷۵"),
        ("8.3", "8.3"),
        ("1", "1"),
    ],
)
def test_a_part_of_a_day_is_a_time(kept: str, typed: str) -> None:
    assert typed_time(kept) == typed


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ("46378", "۱۴۰۵/۱۰/۰۱"),
        ("46377", "۱۴۰۵/۰۹/۳۰"),
        ("14051001", "14051001"),
        ("99999", "99999"),
        ("۴۶۳۷۸", "۴۶۳۷۸"),
        ("۱ دی", "۱ دی"),
    ],
)
def test_a_number_of_days_is_a_day(kept: str, typed: str) -> None:
    assert typed_day(kept) == typed


async def test_hours_typed_into_cells_of_times_are_read(site: Site) -> None:
    browser = await site.signed_in("manager")
    head, *_rows = await taken(browser)
    cells: dict[str, Cell] = {**row(weekday="شنبه")}
    cells |= {"opens": 8.5 / 24, "closes": 14 / 24, "counters": 2.0, "minutes": 15.0, "valid_from": FIRST_OF_DEY}
    names = hour_rows.FIELDS

    preview = await sent_file(
        browser, workbook([[head[each] for each in names], [cells[each] for each in names]]), path=PATH
    )

    assert preview.status_code == 200, read(preview)
    assert "از ۸:۳۰ تا ۱۴:۰۰، ۲ باجه، هر نفر ۱۵ دقیقه" in read(preview)
    assert (await confirmed(browser, preview)).status_code == 303
    assert (await week_at(site, days=30)).days[0] == (Hours(8 * 60, 14 * 60, 15, 2),)
    assert (await week_at(site, days=31)).days[0] == (Hours(8 * 60 + 30, 14 * 60, 15, 2),)


async def test_days_of_a_workbook_that_counts_since_1904_are_asked_back(site: Site) -> None:
    browser = await site.signed_in("manager")
    head, *_rows = await taken(browser)
    names = hour_rows.FIELDS
    cells: dict[str, Cell] = {**row(), "opens": 8.5 / 24, "closes": 14 / 24, "valid_from": FIRST_OF_DEY - 1462}
    content = workbook([[head[each] for each in names], [cells[each] for each in names]])
    book = part_of(content, "xl/workbook.xml")
    assert b"<workbookPr " in book
    content = with_parts(content, {"xl/workbook.xml": book.replace(b"<workbookPr ", b'<workbookPr date1904="1" ')})

    answer = await sent_file(browser, content, path=PATH)

    assert answer.status_code == 422
    assert read(answer).count("اکسل آن را عدد کرده است") == 1, "a time is a part of a day all the same"


async def test_a_cell_that_cannot_be_read_has_one_reason(site: Site) -> None:
    browser = await site.signed_in("manager")
    head, *_rows = await taken(browser)
    cells = [{"opens": "0.3333"}, {"opens": "هشت و ربع و نیم"}]
    names = hour_rows.FIELDS
    lines: list[list[Cell]] = [[head[each] for each in names]]
    lines += [[row(**each)[name] for name in names] for each in cells]

    answer = await sent_file(browser, workbook(lines), path=PATH)

    assert read(answer).count("مانند ۸:۳۰") == len(cells)
    assert f'<a class="btn" href="{PATH}">' in answer.text  # where the mended file is sent


async def test_a_role_from_a_day_of_a_cell_of_days_is_read(site: Site) -> None:
    browser = await site.signed_in("manager")
    head, *rows = await accounts_taken(browser)
    names = staff_rows.FIELDS
    lines: list[list[Cell]] = [[each.get(name, "") for name in names] for each in (head, *rows)]
    new: dict[str, Cell] = {**account(), "valid_from": FIRST_OF_DEY, "valid_to": FIRST_OF_DEY + 9}
    lines.append([new.get(name, "") for name in names])

    preview = read(await sent_file(browser, workbook(lines), path=STAFF))

    assert "از سه‌شنبه ۱ دی ۱۴۰۵ تا پنجشنبه ۱۰ دی ۱۴۰۵" in preview


def test_the_days_that_are_read_are_those_of_a_century() -> None:
    assert (typed_day("73415"), typed_day("73416")) == ("۱۴۷۹/۱۰/۱۰", "73416")
    assert (typed_day("36525"), typed_day("36526")) == ("36525", "۱۳۷۸/۱۰/۱۱")


@pytest.mark.parametrize("path", [PATH, STAFF, "/offices/bring-in"])
async def test_what_a_sheet_does_is_said_point_by_point(site: Site, path: str) -> None:
    page = (await (await site.signed_in("admin")).get(path)).text

    first_step = page.partition('id="take-title"')[2].partition("<form")[0]
    assert first_step.count("<li>") >= 2
