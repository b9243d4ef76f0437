"""The page on which offices are brought in: the sheet to fill in, the file, what it would change, and doing it."""

from __future__ import annotations

from backoffice.brought_in import offices
from backoffice.brought_in.archive import UnfitFile
from backoffice.brought_in.chosen import ChosenOffices
from backoffice.brought_in.difference import LooksOtherwise
from backoffice.brought_in.subject import SAVE, SOME_OFFICES, SheetPages, content_of, page_of, preview_of, taken
from backoffice.brought_in.wording import said_of_file
from backoffice.offices.pages import may_create
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect
from desk.language.text import Text, words
from desk.storage.base import ReadSession

_ = words("brought_in")
_offices = words("offices")

OFFICES = SheetPages(
    path="/offices/bring-in",
    saves_at="/offices/bring-in",
    back="/offices",
    back_title=_offices("Offices"),
    title=_("Bring in offices"),
    lead=_("Many offices at once, by a workbook. First you see what it changes."),
    file="mizban-offices-to-fill.xlsx",
    titles=offices.titles(),
    narrows=SOME_OFFICES,
)


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The two steps: take the sheet, send it back."""
    return _page(session, request)


async def take_sheet(request: PageRequest, backend: Backend) -> PageResponse:
    """The sheet, filled with what stands, for somebody to change and send back."""
    return await taken(request, backend, OFFICES, standing=offices.standing, page=_page)


async def send(request: PageRequest, backend: Backend) -> PageResponse:
    """Show what a file would change; after «bring in», do exactly that, or show what has changed meanwhile."""
    content = await content_of(request)
    try:
        lines = await OFFICES.lines(request, content)
    except UnfitFile as unfit:
        return await backend.read(_page, request, said_of_file(unfit, OFFICES.titles))
    if request.form_text("do") != SAVE:
        found = await backend.read(offices.difference, request, lines)
        return preview_of(OFFICES, found, content)
    try:
        await backend.write(offices.bring_in, request, lines, seen=request.form_text("seen"))
    except LooksOtherwise as other:
        return preview_of(OFFICES, other.found, content, is_other=True)
    return Redirect(to=OFFICES.back, notice="brought_in")


def _page(
    session: ReadSession, request: PageRequest, problem: Text | None = None, *, chosen: ChosenOffices | None = None
) -> PageResponse:
    explains = (
        _("Your offices stand in it as they are now. Change what differs, and add new ones below.")
        if may_create(request)
        else _("Your offices stand in it as they are now. Change what differs."),
        _("An office is known by its code. Offices that you take out of the sheet stay as they are."),
    )
    return page_of(session, request, OFFICES, explains=explains, problem=problem, chosen=chosen)
