"""Opens the ZIP archive of a sent workbook within bounds, and finds the few parts of it that are read."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping
from enum import StrEnum
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

LARGEST_FILE = 512 * 1024
"""The most bytes of a sent file: 2,000 offices with long addresses need less than half of it."""
LARGEST_WHOLE = 16 * 1024 * 1024
"""The most bytes of all parts together, as the archive declares them; a part is never read beyond what it declares."""
MOST_PARTS = 100
MOST_RATIO = 200
"""How many times longer than in the archive a part may become; what spreadsheets write becomes ten to forty times."""
PACKINGS = frozenset({ZIP_STORED, ZIP_DEFLATED})
"""The two ways of packing that the format of workbooks allows; what other ways raise and take is theirs to know."""

TYPES, BOOK, STRINGS = "[Content_Types].xml", "xl/workbook.xml", "xl/sharedStrings.xml"
SHEETS = "xl/worksheets/"
CANNOT_BE_READ = (BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError, zlib.error)
"""What `zipfile` raises over archives that are broken, locked, or packed in a way that it does not know."""


class WhyUnfit(StrEnum):
    """Why a file as a whole cannot be brought in."""

    NO_FILE = "no_file"
    TOO_LARGE = "too_large"
    TOO_DENSE = "too_dense"
    """Unpacked it becomes far more than rows of texts need."""
    NO_WORKBOOK = "no_workbook"
    MACROS = "macros"
    SEVERAL_SHEETS = "several_sheets"
    TOO_MANY_ROWS = "too_many_rows"
    NO_ROWS = "no_rows"
    NO_COLUMN = "no_column"
    COLUMN_TWICE = "column_twice"


class UnfitFile(Exception):
    """The file cannot be brought in; nothing of it was used. `column` is the key of a column that it is about."""

    def __init__(self, why: WhyUnfit, *, column: str | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.column = column


def parts_of(content: bytes) -> Mapping[str, bytes]:
    """The parts of a workbook by their names: its list of types, what it says of itself, its strings, and its sheet.

    Raises UnfitFile before anything is unpacked that is too large, and where there are macros or several sheets.
    """
    if not content:
        raise UnfitFile(WhyUnfit.NO_FILE)
    if len(content) > LARGEST_FILE:
        raise UnfitFile(WhyUnfit.TOO_LARGE)
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            found = _looked_at(archive.infolist())
            return {name: archive.read(found[name]) for name in found if _is_read(name)}
    except CANNOT_BE_READ:
        raise UnfitFile(WhyUnfit.NO_WORKBOOK) from None


def _looked_at(listed: list[ZipInfo]) -> dict[str, ZipInfo]:
    """The parts by name, none of which has been unpacked yet."""
    found = {each.filename: each for each in listed}
    if len(listed) > MOST_PARTS or sum(each.file_size for each in listed) > LARGEST_WHOLE:
        raise UnfitFile(WhyUnfit.TOO_DENSE)
    if any(each.file_size > MOST_RATIO * max(each.compress_size, 1) for each in listed):
        raise UnfitFile(WhyUnfit.TOO_DENSE)
    if any(name.lower().endswith("vbaproject.bin") for name in found):
        raise UnfitFile(WhyUnfit.MACROS)
    if any(each.compress_type not in PACKINGS for each in listed):
        raise UnfitFile(WhyUnfit.NO_WORKBOOK)
    if len(found) != len(listed) or TYPES not in found or BOOK not in found:
        raise UnfitFile(WhyUnfit.NO_WORKBOOK)
    sheets = sum(_is_sheet(name) for name in found)
    if sheets != 1:
        raise UnfitFile(WhyUnfit.SEVERAL_SHEETS if sheets else WhyUnfit.NO_WORKBOOK)
    return found


def _is_sheet(name: str) -> bool:
    return name.startswith(SHEETS) and name.endswith(".xml")


def _is_read(name: str) -> bool:
    return name in {TYPES, BOOK, STRINGS} or _is_sheet(name)
