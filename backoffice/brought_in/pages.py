"""The page on which offices are brought in: the sheet to fill in, the file, what it would change, and doing it."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

from litestar.datastructures import UploadFile

from backoffice.brought_in import offices
from backoffice.brought_in.archive import LARGEST_FILE, UnfitFile
from backoffice.brought_in.columns import table_of
from backoffice.brought_in.difference import Difference, LooksOtherwise
from backoffice.brought_in.offices import TooManyOffices
from backoffice.brought_in.sheets import MOST_ROWS
from backoffice.brought_in.wording import said_counts, said_of_file
from backoffice.exports import sheet_to_fill
from backoffice.forms.fields import field_named
from backoffice.offices.forms import OfficeForm
from backoffice.offices.pages import may_create
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from desk.language.text import Text, words
from desk.offices import queries
from desk.organisation import province
from desk.storage.base import ReadSession

_ = words("brought_in")

SAVE = "save"


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The two steps: take the sheet, send it back."""
    return _page(session, request)


async def take_sheet(request: PageRequest, backend: Backend) -> PageResponse:
    """The sheet, filled with what stands, for somebody to change and send back."""
    chosen = request.form_text("province") or None
    try:
        rows = await backend.read(offices.standing, request, province_code=chosen)
    except TooManyOffices as many:
        problem = _(
            "These are {n} offices, and a sheet holds {most}. Please choose a province.", n=many.number, most=MOST_ROWS
        )
        return await backend.read(_page, request, problem, chosen=chosen)
    titles = [written[0] for written in offices.headings(request).values()]
    return sheet_to_fill(request, name="mizban-offices-to-fill.xlsx", title=_("Offices"), header=titles, rows=rows)


async def send(request: PageRequest, backend: Backend) -> PageResponse:
    """Show what a file would change; after «bring in», do exactly that, or show what has changed meanwhile."""
    content = await _content(request)
    try:
        lines = await asyncio.to_thread(table_of, content, headings=offices.headings(request))
    except UnfitFile as unfit:
        title = field_named(OfficeForm(), unfit.column).title if unfit.column else None
        return await backend.read(_page, request, said_of_file(unfit.why, title))
    if request.form_text("do") != SAVE:
        found = await backend.read(offices.difference, request, lines)
        return _preview(found, content, status=200 if found.can_be_done else 422)
    try:
        await backend.write(offices.bring_in, request, lines, seen=request.form_text("seen"))
    except LooksOtherwise as other:
        return _preview(other.found, content, status=409)
    return Redirect(to="/offices", notice="brought_in")


async def _content(request: PageRequest) -> bytes:
    """The bytes of the file that was just chosen, else of the one that the page carries; one too many at most."""
    file = request.form.get("file")
    if isinstance(file, UploadFile):
        return await file.read(LARGEST_FILE + 1)
    try:
        return base64.b64decode(request.form_text("kept"), validate=True)
    except ValueError:
        return b""


def _page(
    session: ReadSession, request: PageRequest, problem: Text | None = None, *, chosen: str | None = None
) -> PageResponse:
    within = [row for row in queries.provinces(session) if request.scope.covers(province(row.code))]
    values = {
        "problem": problem,
        "most": MOST_ROWS,
        "may_create": may_create(request),
        "provinces": [(row.code, row.name) for row in within] if len(within) > 1 else [],
        "chosen": chosen,
    }
    return Render(template="brought_in/page.html", values=values, status=422 if problem else 200)


def _preview(found: Difference[Any], content: bytes, *, status: int) -> PageResponse:
    values = {
        "found": found,
        "counts": said_counts(found),
        "kept": base64.b64encode(content).decode(),
        "is_other": status == 409,
    }
    return Render(template="brought_in/preview.html", values=values, status=status)
