"""What the pages for bringing something in have in common: taking the sheet, sending it, seeing the difference."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar.datastructures import UploadFile

from backoffice.brought_in.archive import LARGEST_FILE
from backoffice.brought_in.cells import TooManyToTake, headings_of
from backoffice.brought_in.chosen import ChosenOffices, provinces_within
from backoffice.brought_in.columns import TableLine, table_of
from backoffice.brought_in.difference import Difference
from backoffice.brought_in.sheets import MOST_ROWS
from backoffice.brought_in.wording import said_counts
from backoffice.exports import sheet_to_fill
from backoffice.web.http import FileDownload, PageRequest, PageResponse, Render
from desk.language.text import Text, words
from desk.storage.base import ReadSession

_ = words("brought_in")

SAVE = "save"
SOME_OFFICES = _("Only some offices: name, city or code")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPages:
    """What is brought in, with the words and addresses of its pages."""

    path: str
    saves_at: str
    """Where the press goes that saves all of it."""
    back: str
    back_title: Text
    title: Text
    lead: Text
    file: str
    titles: Mapping[str, Text]
    """The columns in their order."""
    narrows: Text
    """The title of the field by which the sheet holds a part."""
    are_names_latin: bool = False
    """Whether what a thing is known by is a Latin word, in which digits stay as they are."""

    def headings(self, request: PageRequest) -> dict[str, list[str]]:
        """The titles that each column may have."""
        return headings_of(request, self.titles)

    def sheet(self, request: PageRequest, rows: Sequence[Sequence[str]]) -> FileDownload:
        """The sheet with these rows."""
        header = [written[0] for written in self.headings(request).values()]
        return sheet_to_fill(request, name=self.file, title=self.back_title, header=header, rows=rows)

    async def lines(self, request: PageRequest, content: bytes) -> list[TableLine]:
        """The lines of a sent file. Raises UnfitFile."""
        return await asyncio.to_thread(table_of, content, headings=self.headings(request))


def too_many(many: TooManyToTake) -> Text:
    """Why the sheet cannot be taken, and what to do."""
    return _("This needs {n} rows, and a sheet holds {most}. Please take a part of it.", n=many.number, most=MOST_ROWS)


def page_of(
    session: ReadSession,
    request: PageRequest,
    brought: SheetPages,
    *,
    explains: Sequence[Text],
    problem: Text | None = None,
    chosen: ChosenOffices | None = None,
) -> PageResponse:
    """The two steps: take the sheet, send it back."""
    provinces = provinces_within(session, request)
    values = {
        "it": brought,
        "explains": explains,
        "problem": problem,
        "most": MOST_ROWS,
        "provinces": provinces,
        "may_choose": bool(request.scope.areas),
        "chosen": chosen or ChosenOffices(),
    }
    return Render(template="brought_in/page.html", values=values, status=422 if problem else 200)


def preview_of(brought: SheetPages, found: Difference[Any], content: bytes, *, status: int) -> PageResponse:
    """What the file changes, with the file itself."""
    values = {
        "it": brought,
        "found": found,
        "counts": said_counts(found),
        "kept": base64.b64encode(content).decode(),
        "is_other": status == 409,
    }
    return Render(template="brought_in/preview.html", values=values, status=status)


async def content_of(request: PageRequest) -> bytes:
    """The bytes of the file that was just chosen, else of the one that the page carries; one too many at most."""
    file = request.form.get("file")
    if isinstance(file, UploadFile):
        return await file.read(LARGEST_FILE + 1)
    try:
        return base64.b64decode(request.form_text("kept"), validate=True)
    except ValueError:
        return b""
