"""Takes the rows of a sheet apart by its headings, wherever the columns stand and in whichever language they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from backoffice.brought_in.archive import UnfitFile, WhyUnfit
from backoffice.brought_in.sheets import rows_of
from desk.reading.folding import joined


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLine:
    """A row below the headings, with its texts by the keys of the columns; a cell without anything is an empty text."""

    number: int
    """Its number in the spreadsheet."""
    cells: Mapping[str, str]
    computed: frozenset[str]
    """The columns whose value is a formula."""
    numbers: frozenset[str]
    """The columns whose value is a number for the spreadsheet."""
    is_since_1904: bool
    """Whether its numbers of days count since 1904."""
    is_merged: bool


def table_of(content: bytes, *, headings: Mapping[str, Collection[str]]) -> list[TableLine]:
    """The lines of a sent workbook; `headings` are the titles that each column may have, by the column's key.

    A column that nobody asked for is left alone. Raises UnfitFile.
    """
    rows = rows_of(content)
    if not rows:
        raise UnfitFile(WhyUnfit.NO_ROWS)
    head, *rest = rows
    titles = {joined(title): key for key, written in headings.items() for title in written}
    places: dict[str, int] = {}
    for column, title in sorted(head.cells.items()):
        key = titles.get(joined(title))
        if key in places:
            raise UnfitFile(WhyUnfit.COLUMN_TWICE, column=key)
        if key is not None:
            places[key] = column
    missing = [key for key in headings if key not in places]
    if missing:
        raise UnfitFile(WhyUnfit.NO_COLUMN, column=missing[0])
    if not rest:
        raise UnfitFile(WhyUnfit.NO_ROWS)
    return [
        TableLine(
            number=row.number,
            cells={key: row.cells.get(column, "").strip() for key, column in places.items()},
            computed=frozenset(key for key, column in places.items() if column in row.computed),
            numbers=frozenset(key for key, column in places.items() if column in row.numbers),
            is_since_1904=row.is_since_1904,
            is_merged=row.is_merged,
        )
        for row in rest
    ]
