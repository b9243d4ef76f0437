"""Reads the cells of a workbook's one sheet as texts, and notices which are computed or merged."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from backoffice.brought_in.archive import BOOK, SHEETS, STRINGS, TYPES, UnfitFile, WhyUnfit, parts_of

MOST_ROWS = 2_000
"""The most filled rows below the headings."""
MOST_LETTERS = 4_000_000
"""The most letters of all cells together: a short file can name one long text in every cell of every row."""
MOST_MERGED = 2_000
"""The most merged areas, each of which is looked for in every row."""
LONGEST_NUMBER = 24
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)
_WRITTEN = re.compile(r"_x(?!D[89A-F])([0-9A-F]{4})_", re.ASCII | re.IGNORECASE)
"""A character that a spreadsheet writes by its number, as after pasting; half of a surrogate pair is none."""
_TRUTH = {"1": "TRUE", "0": "FALSE"}


@dataclass(slots=True)
class SheetRow:
    """A row as the spreadsheet numbers it, with the texts of its cells by column, the first column being 1."""

    number: int
    cells: dict[int, str] = field(default_factory=dict)
    computed: set[int] = field(default_factory=set)
    """The columns whose value is a formula."""
    numbers: set[int] = field(default_factory=set)
    """The columns whose value is a number for the spreadsheet, as are its days and times."""
    is_since_1904: bool = False
    """Whether the workbook counts its days since 1904, as some of a Mac do: each lies four years later than else."""
    is_merged: bool = False
    """True = a cell of this row is joined with others, so that nobody can say what belongs to which row."""


def rows_of(content: bytes) -> list[SheetRow]:
    """The rows in which anything stands, in their order; empty ones are passed over. Raises UnfitFile."""
    parts = parts_of(content)
    if b"macroEnabled" in parts[TYPES]:
        raise UnfitFile(WhyUnfit.MACROS)
    strings = _Strings()
    if STRINGS in parts:
        _parse(parts[STRINGS], strings)
    sheet = _Sheet(strings.texts)
    _parse(next(part for name, part in parts.items() if name.startswith(SHEETS)), sheet)
    book = _Book()
    _parse(parts[BOOK], book)
    for row in sheet.rows.values():
        row.is_since_1904 = book.is_since_1904
    for first, last in sheet.merged:
        for number, row in sheet.rows.items():
            row.is_merged = row.is_merged or first <= number <= last
    return [row for _number, row in sorted(sheet.rows.items())]


class _Elements:
    """Collects what a parser meets; `text` is that of the element that is being collected."""

    collects: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self.text: list[str] | None = None

    def begin(self, name: str, given: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, name: str, text: str) -> None:
        """An element ends; `text` is empty unless it is one of `collects`."""


class _Book(_Elements):
    """What the workbook says of itself."""

    def __init__(self) -> None:
        super().__init__()
        self.is_since_1904 = False

    def begin(self, name: str, given: Mapping[str, str]) -> None:
        """Its properties begin."""
        if name == "workbookPr":
            self.is_since_1904 = given.get("date1904", "0") in {"1", "true"}


class _Strings(_Elements):
    """The texts that cells refer to by number; the readings beside a text (`rPh`) are no part of it."""

    collects = frozenset({"t"})

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._parts: list[str] = []
        self._is_reading = False

    def begin(self, name: str, given: Mapping[str, str]) -> None:
        """A text begins, or a reading within one."""
        if name == "si":
            self._parts = []
        self._is_reading = self._is_reading or name == "rPh"

    def end(self, name: str, text: str) -> None:
        """A piece of a text, or a whole one, ends."""
        if name == "rPh":
            self._is_reading = False
        elif name == "t" and not self._is_reading:
            self._parts.append(text)
        elif name == "si":
            self.texts.append(_characters("".join(self._parts)))


class _Sheet(_Elements):
    """The rows of a sheet."""

    collects = frozenset({"v", "t"})

    def __init__(self, texts: list[str]) -> None:
        super().__init__()
        self.rows: dict[int, SheetRow] = {}
        self.merged: list[tuple[int, int]] = []
        self._texts = texts
        self._at = (0, 0)
        self._row = 0
        self._kind = ""
        self._value: list[str] = []
        self._letters = 0

    def begin(self, name: str, given: Mapping[str, str]) -> None:
        """A row, a cell, its formula, or a list of merged cells begins."""
        if name == "row":
            self._row = _whole(given["r"]) if "r" in given else self._row + 1
            self._at = (self._row, 0)
        elif name == "c":
            self._at = _place(given["r"]) if "r" in given else (self._row, self._at[1] + 1)
            self._kind, self._value = given.get("t", "n"), []
        elif name == "f":
            self._row_here().computed.add(self._at[1])
        elif name == "mergeCell":
            if len(self.merged) == MOST_MERGED:
                raise UnfitFile(WhyUnfit.NO_WORKBOOK)
            first, _colon, last = given.get("ref", "").partition(":")
            self.merged.append((_place(first)[0], _place(last or first)[0]))

    def end(self, name: str, text: str) -> None:
        """A value or a cell ends."""
        if name in self.collects:
            self._value.append(text)
        elif name == "c":
            value = self._read("".join(self._value))
            self._letters += len(value)
            if self._letters > MOST_LETTERS:
                raise UnfitFile(WhyUnfit.TOO_DENSE)
            if value.strip():
                row = self._row_here()
                row.cells[self._at[1]] = value
                if self._kind == "n":
                    row.numbers.add(self._at[1])

    def _row_here(self) -> SheetRow:
        row = self.rows.setdefault(self._at[0], SheetRow(self._at[0]))
        if len(self.rows) > MOST_ROWS + 1:
            raise UnfitFile(WhyUnfit.TOO_MANY_ROWS)
        return row

    def _read(self, value: str) -> str:
        if self._kind == "s" and not value:
            return ""  # a cell without a value, which some programs leave with the kind that it had
        if self._kind == "s":
            number = _whole(value)
            if number >= len(self._texts):
                raise UnfitFile(WhyUnfit.NO_WORKBOOK)
            return self._texts[number]
        if self._kind == "b":
            return _TRUTH.get(value, value)
        if self._kind == "n" and len(value) <= LONGEST_NUMBER:
            return _number(value)
        return _characters(value)


def _characters(text: str) -> str:
    """The text with the characters that are written by their numbers."""
    return _WRITTEN.sub(lambda found: chr(int(found[1], 16)), text)


def _number(value: str) -> str:
    """A number as people write it: 72.0 is 72, and 1.2E1 is 12."""
    try:
        read = float(value)
    except ValueError:
        return value
    return str(int(read)) if read.is_integer() and abs(read) < 1e15 else str(read)


def _whole(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) < 9):
        raise UnfitFile(WhyUnfit.NO_WORKBOOK)
    return int(value)


def _place(reference: str) -> tuple[int, int]:
    """The row and the column of a reference such as C7."""
    found = _CELL.fullmatch(reference)
    if found is None:
        raise UnfitFile(WhyUnfit.NO_WORKBOOK)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column


def _parse(xml: bytes, into: _Elements) -> None:
    """Give the elements of a part to `into`, without their namespaces.

    A declaration of a document type is refused before anything of it is read: with it come entities, by which a short
    file becomes endless, and files of the machine are named. A workbook has none.
    """
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True

    def begin(name: str, given: dict[str, str]) -> None:
        local = name.rpartition("}")[2]
        if local in into.collects:
            into.text = []
        into.begin(local, given)

    def end(name: str) -> None:
        local = name.rpartition("}")[2]
        text, into.text = ("".join(into.text or ()), None) if local in into.collects else ("", into.text)
        into.end(local, text)

    def write(text: str) -> None:
        if into.text is not None:
            into.text.append(text)

    def refuse(*_declared: Any) -> None:
        raise UnfitFile(WhyUnfit.NO_WORKBOOK)

    handlers: dict[str, Callable[..., None]] = {
        "StartElementHandler": begin,
        "EndElementHandler": end,
        "CharacterDataHandler": write,
        "StartDoctypeDeclHandler": refuse,
    }
    for name, handler in handlers.items():
        setattr(parser, name, handler)
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, LookupError, ValueError):  # a LookupError is about the name of an encoding
        raise UnfitFile(WhyUnfit.NO_WORKBOOK) from None
