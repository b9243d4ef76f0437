"""Makes workbooks as spreadsheets do, and archives that are no workbooks, for the tests of what is brought in."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from zipfile import ZIP_DEFLATED, ZipFile

from xlsxwriter import Workbook

Cell = str | float | bool | None


def workbook(
    rows: Sequence[Sequence[Cell]], *, sheets: int = 1, also: Callable[[Workbook], object] | None = None
) -> bytes:
    """A workbook with these rows in each of its sheets; `also` may do more to it."""
    written = io.BytesIO()
    with Workbook(written, {"in_memory": True}) as book:
        for _number in range(sheets):
            page = book.add_worksheet()
            for number, values in enumerate(rows):
                for column, value in enumerate(values):
                    if isinstance(value, bool):
                        page.write_boolean(number, column, value)
                    elif isinstance(value, int | float):
                        page.write_number(number, column, value)
                    elif value is not None:
                        page.write_string(number, column, value)
        if also is not None:
            also(book)
    return written.getvalue()


def with_parts(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The same workbook with other parts, or with more of them."""
    changed = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(changed, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return changed.getvalue()


def part_of(content: bytes, name: str) -> bytes:
    """One part of a workbook."""
    with ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)
