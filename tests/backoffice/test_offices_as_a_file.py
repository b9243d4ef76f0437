"""The days of many offices as a workbook: what it holds, for what, and by whom it was taken."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

import httpx
import pytest

from desk.reading.folding import strip_bidi
from tests.backoffice.conftest import Site
from tests.backoffice.test_many_days import OFFICES, PATH, opened

FOR = {"purpose": "report"}
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheet(answer: httpx.Response, number: int) -> tuple[bool, list[list[str]]]:
    """Whether a sheet runs from right to left, and its cells as texts, by row."""
    book = zipfile.ZipFile(io.BytesIO(answer.content))
    # Written by the program itself a moment ago.
    texts = [
        "".join(part.text or "" for part in each.iter(f"{MAIN}t"))
        for each in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314
    ]
    page = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))  # noqa: S314
    view = next(page.iter(f"{MAIN}sheetView"))
    rows = [
        [
            texts[int(value)] if cell.get("t") == "s" else value
            for cell in row
            for value in [cell.findtext(f"{MAIN}v") or ""]
        ]
        for row in page.iter(f"{MAIN}row")
    ]
    assert "<f>" not in ElementTree.tostring(page, encoding="unicode"), "no cell is computed"
    return view.get("rightToLeft") == "1", rows


@pytest.mark.requirement("000-13", "I")
async def test_the_workbook_holds_what_the_filter_shows_on_all_pages(site: Site) -> None:
    browser = await opened(site)
    answer = await browser.post(f"{PATH}/export", {"province": "IR-09", "order": "absent", **FOR})
    assert answer.headers["content-disposition"] == 'attachment; filename="mizban-offices.xlsx"'
    is_rtl, rows = sheet(answer, 1)
    mark, head, first, *others = rows
    assert is_rtl
    assert "سارا یوسفی" in mark[0]
    assert mark == rows[-1]
    assert head[0] == "دفتر"
    assert first[1] == "81-0059"
    assert len(others) == OFFICES + 1
    assert all(row[4].isdecimal() for row in [first, *others[:-1]])
    assert len(sheet(answer, 2)[1]) == len(rows)


async def test_without_a_purpose_the_page_comes_back_with_its_filter(site: Site) -> None:
    browser = await opened(site)
    answer = await browser.post(f"{PATH}/export", {"province": "IR-30"})
    assert answer.status_code == 422
    assert "content-disposition" not in answer.headers
    assert answer.text.count('<th scope="row">') == 1


async def test_taking_it_stands_in_the_history_with_its_purpose(site: Site) -> None:
    browser = await opened(site)
    await browser.post(f"{PATH}/export", FOR)
    page = strip_bidi((await browser.get("/history?kind=capacity.export")).text)
    assert "سارا یوسفی فهرست روزهای دفترها را به‌صورت فایل دریافت کرد" in page
    assert "گزارش" in page
