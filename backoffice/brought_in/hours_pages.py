"""The page on which weekly hours are brought in: the sheet to fill in, the file, what it would change, and doing it."""

from __future__ import annotations

from backoffice.brought_in import hour_rows, hours
from backoffice.brought_in.archive import UnfitFile
from backoffice.brought_in.cells import TooManyToTake
from backoffice.brought_in.chosen import ChosenOffices
from backoffice.brought_in.difference import LookedAt, LooksOtherwise
from backoffice.brought_in.subject import SAVE, SOME_OFFICES, SheetPages, content_of, page_of, preview_of, too_many
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
    chosen = ChosenOffices.of(request)
    try:
        return HOURS.sheet(request, await backend.read(hours.standing, request, chosen=chosen))
    except TooManyToTake as many:
        return await backend.read(_page, request, too_many(many), chosen=chosen)


async def send(request: PageRequest, backend: Backend) -> PageResponse:
    """Show what a file would change; after «bring in», do exactly that, or show what has changed meanwhile."""
    content = await content_of(request)
    try:
        lines = await HOURS.lines(request, content)
    except UnfitFile as unfit:
        return await backend.read(_page, request, said_of_file(unfit, HOURS.titles))
    try:
        if request.form_text("do") != SAVE:
            await backend.write(hours.look, request, lines)
        await backend.write(hours.bring_in, request, lines, seen=request.form_text("seen"))
    except LookedAt as looked:
        return preview_of(HOURS, looked.found, content, status=200 if looked.found.can_be_done else 422)
    except LooksOtherwise as other:
        return preview_of(HOURS, other.found, content, status=409)
    return Redirect(to=HOURS.back, notice="brought_in")


def _page(
    session: ReadSession, request: PageRequest, problem: Text | None = None, *, chosen: ChosenOffices | None = None
) -> PageResponse:
    return page_of(session, request, HOURS, explains=EXPLAINS, problem=problem, chosen=chosen)
