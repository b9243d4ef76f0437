"""What the pages for bringing something in have in common: taking the sheet, sending it, seeing the difference."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from litestar.datastructures import UploadFile

from backoffice.brought_in.archive import LARGEST_FILE
from backoffice.brought_in.cells import TooManyToTake, headings_of
from backoffice.brought_in.chosen import ChosenOffices, provinces_within
from backoffice.brought_in.columns import TableLine, table_of
from backoffice.brought_in.difference import Difference, LookedAt
from backoffice.brought_in.sheets import MOST_ROWS
from backoffice.brought_in.wording import said_counts
from backoffice.exports import sheet_to_fill
from backoffice.web.http import Backend, FileDownload, PageRequest, PageResponse, Render
from desk.language.text import Text, words
from desk.storage.base import ReadSession, WriteSession

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


async def taken(
    request: PageRequest,
    backend: Backend,
    brought: SheetPages,
    *,
    standing: Callable[..., list[list[str]]],
    page: Callable[..., PageResponse],
) -> PageResponse:
    """The sheet, filled with what stands, for somebody to change and send back; else the page, which says why not."""
    chosen = ChosenOffices.of(request)
    try:
        return brought.sheet(request, await backend.read(standing, request, chosen=chosen))
    except TooManyToTake as many:
        return await backend.read(page, request, too_many(many), chosen=chosen)


async def looked_at(
    request: PageRequest,
    backend: Backend,
    look: Callable[[WriteSession, PageRequest, Sequence[TableLine]], NoReturn],
    lines: Sequence[TableLine],
) -> Difference[Any]:
    """What the lines would change, found by doing it in a transaction that is taken back."""
    try:
        await backend.write(look, request, lines)
    except LookedAt as looked:
        return looked.found


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


def preview_of(brought: SheetPages, found: Difference[Any], content: bytes, *, is_other: bool = False) -> PageResponse:
    """What the file changes, with the file itself; `is_other` = something else than was seen and pressed."""
    status = 409 if is_other else 200 if found.can_be_done else 422
    values = {
        "it": brought,
        "found": found,
        "counts": said_counts(found),
        "kept": base64.b64encode(content).decode(),
        "is_other": is_other,
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
