"""The page on which weekly hours are brought in: the sheet to fill in, the file, what it would change, and doing it."""

from __future__ import annotations

from backoffice.brought_in import hour_rows, hours
from backoffice.brought_in.archive import UnfitFile
from backoffice.brought_in.chosen import ChosenOffices
from backoffice.brought_in.difference import LooksOtherwise
from backoffice.brought_in.subject import (
    SAVE,
    SOME_OFFICES,
    SheetPages,
    content_of,
    looked_at,
    page_of,
    preview_of,
    taken,
)
from backoffice.brought_in.wording import said_of_file
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect
from desk.language.text import Text, words
from desk.storage.base import ReadSession

_ = words("brought_in")
_capacity = words("capacity")

HOURS = SheetPages(
    path="/capacity/bring-in",
    saves_at="/capacity/bring-in",
    back="/capacity/queues",
    back_title=_capacity("Queues and hours"),
    title=_("Bring in hours"),
    lead=_("The weekly hours of many queues at once, by a workbook. First you see what it changes."),
    file="mizban-hours-to-fill.xlsx",
    titles=hour_rows.titles(),
    narrows=SOME_OFFICES,
)

EXPLAINS = (
    _("The hours of your queues stand in it, a row for each range of a weekday."),
    _("A queue that is in the sheet gets the hours of its rows from their first day on, and is as before until then."),
    _("A weekday without a row is then closed. A queue that you take out of the sheet stays as it is."),
)


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The two steps: take the sheet, send it back."""
    return _page(session, request)


async def take_sheet(request: PageRequest, backend: Backend) -> PageResponse:
    """The sheet, filled with what stands, for somebody to change and send back."""
    return await taken(request, backend, HOURS, standing=hours.standing, page=_page)


async def send(request: PageRequest, backend: Backend) -> PageResponse:
    """Show what a file would change; after «bring in», do exactly that, or show what has changed meanwhile."""
    content = await content_of(request)
    try:
        lines = await HOURS.lines(request, content)
    except UnfitFile as unfit:
        return await backend.read(_page, request, said_of_file(unfit, HOURS.titles))
    if request.form_text("do") != SAVE:
        return preview_of(HOURS, await looked_at(request, backend, hours.look, lines), content)
    try:
        await backend.write(hours.bring_in, request, lines, seen=request.form_text("seen"))
    except LooksOtherwise as other:
        return preview_of(HOURS, other.found, content, is_other=True)
    return Redirect(to=HOURS.back, notice="brought_in")


def _page(
    session: ReadSession, request: PageRequest, problem: Text | None = None, *, chosen: ChosenOffices | None = None
) -> PageResponse:
    return page_of(session, request, HOURS, explains=EXPLAINS, problem=problem, chosen=chosen)
