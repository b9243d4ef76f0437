"""Reading a sent workbook: which cells come out, and which files are turned away before anything is read of them."""

from __future__ import annotations

import io
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import pytest

from backoffice.brought_in.archive import LARGEST_FILE, LARGEST_WHOLE, MOST_PARTS, UnfitFile, WhyUnfit, parts_of
from backoffice.brought_in.columns import table_of
from backoffice.brought_in.sheets import MOST_LETTERS, MOST_MERGED, MOST_ROWS, rows_of
from tests.backoffice.workbooks import part_of, with_parts, workbook

SHEET, STRINGS, TYPES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "[Content_Types].xml"
HEADINGS = {"code": ["کد", "Code"], "name": ["نام دفتر"]}
PLAIN = workbook([["کد", "نام دفتر"], ["71-0101", "دفتر یک"]])


def why_not(content: bytes) -> WhyUnfit:
    with pytest.raises(UnfitFile) as refused:
        table_of(content, headings=HEADINGS)
    return refused.value.why


def declared(**sizes: int) -> bytes:
    """An archive whose parts become as long as this."""
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, size in sizes.items():
            archive.writestr(name, b" " * size)
    return made.getvalue()


def test_cells_are_read_by_their_headings_wherever_these_stand() -> None:
    book = workbook(
        [["یادداشت", "نام دفتر", "CODE"], ["x", " دفتر یک ", "71-0101"], [], [None, "دو", 7101.0], [None, True, 0.5]]
    )

    lines = table_of(book, headings=HEADINGS)

    assert [(line.number, dict(line.cells)) for line in lines] == [
        (2, {"code": "71-0101", "name": "دفتر یک"}),
        (4, {"code": "7101", "name": "دو"}),
        (5, {"code": "0.5", "name": "TRUE"}),
    ]


def test_texts_in_pieces_and_in_the_cell_itself_are_whole_and_readings_are_no_part() -> None:
    strings = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><r><t>Co</t></r><r><t>de</t></r>'
        b"<rPh><t>koodo</t></rPh></si></sst>"
    )
    sheet = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        '<x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="inlineStr"><x:is><x:t>نام دفتر</x:t></x:is></x:c></x:row>'
        '<x:row><x:c r="B3" t="str"><x:v>یک</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    book = with_parts(PLAIN, {STRINGS: strings, SHEET: sheet.encode()})

    assert [dict(line.cells) for line in table_of(book, headings=HEADINGS)] == [{"code": "", "name": "یک"}]


def test_characters_written_by_their_numbers_are_read_and_half_a_pair_is_not() -> None:
    """Spreadsheets write so what was pasted with other line ends, and a text that looks like such a number itself."""
    book = workbook([["کد", "نام دفتر"], ["1_x000D_\n2", "_x0041_"], ["\a3", "x"]])
    pair = with_parts(book, {STRINGS: part_of(book, STRINGS).replace(b"<t>x</t>", b"<t>_xD800_</t>")})

    assert [dict(line.cells) for line in table_of(pair, headings=HEADINGS)] == [
        {"code": "1_x000D_\n2", "name": "_x0041_"},
        {"code": "\a3", "name": "_xD800_"},
    ]
    pasted = with_parts(book, {STRINGS: part_of(book, STRINGS).replace(b"_x005F_x000D_", b"_x000D_")})
    assert table_of(pasted, headings=HEADINGS)[0].cells["code"] == "1\r\n2"


@pytest.mark.parametrize("cell", ['<c r="B2" t="s"/>', '<c r="B2" t="s"><v></v></c>', '<c r="B2" t="s"><v/></c>'])
def test_a_cell_of_a_text_without_a_value_is_empty(cell: str) -> None:
    """Some programs leave the kind of a cell whose text was taken out."""
    whole = part_of(PLAIN, SHEET).decode()
    begins = whole.index('<c r="B2"')
    sheet = f"{whole[:begins]}{cell}{whole[whole.index('</c>', begins) + 4 :]}".encode()

    lines = table_of(with_parts(PLAIN, {SHEET: sheet}), headings=HEADINGS)

    assert [dict(line.cells) for line in lines] == [{"code": "71-0101", "name": ""}]


def test_formulas_and_merged_cells_are_named_by_their_rows() -> None:
    def also(book: Any) -> None:
        page = book.worksheets()[0]
        page.write_formula(2, 1, '=HYPERLINK("http://x","y")', None, "دفتر")
        page.merge_range(3, 0, 4, 0, "71-0104")

    lines = table_of(workbook([["کد", "نام دفتر"], ["1", "a"], ["2"], [], [None, "c"]], also=also), headings=HEADINGS)

    assert [(line.number, sorted(line.computed), line.is_merged) for line in lines] == [
        (2, [], False),
        (3, ["name"], False),
        (4, [], True),
        (5, [], True),
    ]


def test_two_thousand_rows_are_read_and_one_more_is_not() -> None:
    rows: list[list[str]] = [["کد", "نام دفتر"], *([str(number), "دفتر"] for number in range(MOST_ROWS))]

    assert len(table_of(workbook(rows), headings=HEADINGS)) == MOST_ROWS
    assert why_not(workbook([*rows, ["x", "y"]])) is WhyUnfit.TOO_MANY_ROWS


def test_a_cell_at_the_far_end_costs_nothing() -> None:
    far = part_of(PLAIN, SHEET).replace(b'r="A2"', b'r="XFD1048576"')

    assert [row.number for row in rows_of(with_parts(PLAIN, {SHEET: far}))] == [1, 2, 1048576]


HOSTILE: dict[str, tuple[bytes, WhyUnfit]] = {
    "nothing": (b"", WhyUnfit.NO_FILE),
    "a table as text": (b"code,name\n1,2\n", WhyUnfit.NO_WORKBOOK),
    "an old or locked workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4000, WhyUnfit.NO_WORKBOOK),
    "half of one": (PLAIN[:-30], WhyUnfit.NO_WORKBOOK),
    "a large one": (b"\1" * (LARGEST_FILE + 1), WhyUnfit.TOO_LARGE),
    "all parts together": (
        declared(**{f"part{number}": LARGEST_WHOLE // 8 for number in range(9)}),
        WhyUnfit.TOO_DENSE,
    ),
    "one part that grows": (declared(**{TYPES: 1, "xl/workbook.xml": 1, SHEET: 600_000}), WhyUnfit.TOO_DENSE),
    "many parts": (declared(**{f"part{number}": 1 for number in range(MOST_PARTS + 1)}), WhyUnfit.TOO_DENSE),
    "a program": (with_parts(PLAIN, {"xl/vbaProject.bin": b"x"}), WhyUnfit.MACROS),
    "a type with programs": (
        with_parts(PLAIN, {TYPES: part_of(PLAIN, TYPES).replace(b"sheet.main", b"sheet.macroEnabled.main")}),
        WhyUnfit.MACROS,
    ),
    "two sheets": (workbook([["کد", "نام دفتر"], ["1", "2"]], sheets=2), WhyUnfit.SEVERAL_SHEETS),
    "no row": (workbook([]), WhyUnfit.NO_ROWS),
    "headings alone": (workbook([["کد", "نام دفتر"]]), WhyUnfit.NO_ROWS),
    "a column less": (workbook([["کد"], ["1"]]), WhyUnfit.NO_COLUMN),
    "a column twice": (workbook([["کد", "نام دفتر", "Code"], ["1", "2", "3"]]), WhyUnfit.COLUMN_TWICE),
    "an open element": (with_parts(PLAIN, {SHEET: b"<worksheet><row>"}), WhyUnfit.NO_WORKBOOK),
    "a text that is not there": (
        with_parts(PLAIN, {SHEET: part_of(PLAIN, SHEET).replace(b"<v>0</v>", b"<v>99</v>", 1)}),
        WhyUnfit.NO_WORKBOOK,
    ),
    "a strange place": (
        with_parts(PLAIN, {SHEET: part_of(PLAIN, SHEET).replace(b'r="A1"', b'r="../A1"')}),
        WhyUnfit.NO_WORKBOOK,
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_plain_workbook_is_turned_away(name: str) -> None:
    content, why = HOSTILE[name]

    assert why_not(content) is why


@pytest.mark.parametrize("part", [SHEET, STRINGS])
def test_no_entity_is_ever_read(part: str) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "xx"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    whole = part_of(PLAIN, part)
    end = whole.index(b"?>") + 2

    assert why_not(with_parts(PLAIN, {part: whole[:end] + bomb + whole[end:]})) is WhyUnfit.NO_WORKBOOK


def test_a_part_is_not_read_beyond_what_the_archive_says_of_it() -> None:
    """The list of the archive says two bytes, and the part itself becomes many more."""
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_STORED) as archive:
        for name in (TYPES, "xl/workbook.xml", SHEET):
            archive.writestr(name, b"<a/>" * 50)
    content = bytearray(made.getvalue())
    at = content.index(b"PK\x01\x02")
    while at >= 0:
        content[at + 24 : at + 28] = (2).to_bytes(4, "little")
        at = content.find(b"PK\x01\x02", at + 4)

    with pytest.raises(UnfitFile):
        parts_of(bytes(content))


@pytest.mark.parametrize("name", ["nothing-of-the-kind", "hex", "rot13"])
def test_an_encoding_that_nobody_knows_is_no_workbook(name: str) -> None:
    whole = part_of(PLAIN, SHEET)
    declared_so = f'<?xml version="1.0" encoding="{name}"?>'.encode() + whole[whole.index(b"?>") + 2 :]

    assert why_not(with_parts(PLAIN, {SHEET: declared_so})) is WhyUnfit.NO_WORKBOOK


@pytest.mark.parametrize("packing", [ZIP_BZIP2, ZIP_LZMA])
def test_what_is_packed_as_no_workbook_is_packed_is_not_unpacked(packing: int) -> None:
    """Broken parts raise errors of their own there, and a small one may claim gigabytes for its dictionary."""
    made = io.BytesIO()
    with ZipFile(io.BytesIO(PLAIN)) as old, ZipFile(made, "w", packing) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))

    assert why_not(made.getvalue()) is WhyUnfit.NO_WORKBOOK


def test_more_merged_areas_than_rows_are_not_looked_for() -> None:
    areas = "".join(f'<mergeCell ref="A{number}:B{number}"/>' for number in range(1, MOST_MERGED + 2))
    whole = part_of(PLAIN, SHEET).replace(b"</sheetData>", f"</sheetData><mergeCells>{areas}</mergeCells>".encode())

    assert why_not(with_parts(PLAIN, {SHEET: whole})) is WhyUnfit.NO_WORKBOOK


def test_one_long_text_is_not_read_again_and_again() -> None:
    """A short file names it in many cells, each of which would be copied."""
    long = "".join(chr(0x4E00 + number * number % 20_011) for number in range(32_000))  # nothing that packs well
    strings = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<si><t>کد</t></si><si><t>نام دفتر</t></si><si><t>{long}</t></si></sst>"
    )

    def naming(times: int) -> bytes:
        cells = '<c t="s"><v>2</v></c>' * times
        sheet = (
            '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            f'<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row>{cells}</row></sheetData></worksheet>'
        )
        return with_parts(PLAIN, {STRINGS: strings.encode(), SHEET: sheet.encode()})

    within = MOST_LETTERS // len(long) - 1
    assert len(table_of(naming(within), headings=HEADINGS)) == 1
    assert why_not(naming(within + 2)) is WhyUnfit.TOO_DENSE
