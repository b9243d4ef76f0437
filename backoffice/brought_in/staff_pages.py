"""The page on which accounts are brought in: the sheet to fill in, the file, what it would change, and doing it."""

from __future__ import annotations

from backoffice.brought_in import staff, staff_rows
from backoffice.brought_in.archive import UnfitFile
from backoffice.brought_in.chosen import ChosenOffices
from backoffice.brought_in.difference import LooksOtherwise
from backoffice.brought_in.staff import FirstPassword, StaffDifference
from backoffice.brought_in.subject import SheetPages, content_of, looked_at, page_of, preview_of, taken
from backoffice.brought_in.wording import said_of_file
from backoffice.staff.accounts import new_password
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from desk.language.text import Text, words
from desk.storage.base import ReadSession

_ = words("brought_in")
_staff = words("staff")

STAFF = SheetPages(
    path="/staff/bring-in",
    saves_at="/staff/bring-in/all",
    back="/staff",
    back_title=_staff("Staff"),
    title=_("Bring in staff"),
    lead=_("Many accounts at once, by a workbook. First you see what it changes."),
    file="mizban-staff-to-fill.xlsx",
    titles=staff_rows.titles(),
    narrows=_("Only some accounts: name or username"),
    are_names_latin=True,
)

EXPLAINS = (
    _("The accounts that you may change stand in it, a row for each role. An account is known by its username."),
    _("It gets the roles of its rows and no others. An account that you take out of the sheet stays as it is."),
    _("No password stands in a file: that of a new account is shown once, when you bring it in."),
)


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The two steps: take the sheet, send it back."""
    return _page(session, request)


async def take_sheet(request: PageRequest, backend: Backend) -> PageResponse:
    """The sheet, filled with what stands, for somebody to change and send back."""
    return await taken(request, backend, STAFF, standing=staff.standing, page=_page)


async def send(request: PageRequest, backend: Backend) -> PageResponse:
    """Show what a file would change."""
    content = await content_of(request)
    try:
        lines = await STAFF.lines(request, content)
    except UnfitFile as unfit:
        return await backend.read(_page, request, said_of_file(unfit, STAFF.titles))
    return preview_of(STAFF, await looked_at(request, backend, staff.look, lines), content)


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Do exactly what was shown, and show the first passwords of new accounts once; else what has changed meanwhile."""
    content = await content_of(request)
    try:
        lines = await STAFF.lines(request, content)
    except UnfitFile as unfit:
        return await backend.read(_page, request, said_of_file(unfit, STAFF.titles))
    found: StaffDifference = await looked_at(request, backend, staff.look, lines)
    seen, passwords = request.form_text("seen"), {}
    if found.sign == seen and found.can_be_done:
        for username in staff.new_names(found):  # one after the other: others sign in meanwhile
            password = new_password()
            passwords[username] = FirstPassword(password, await backend.passwords.hashed(password))
    try:
        await backend.write(staff.bring_in, request, lines, seen=seen, passwords=passwords)
    except LooksOtherwise as other:
        return preview_of(STAFF, other.found, content, is_other=True)
    if not passwords:
        return Redirect(to=STAFF.back, notice="brought_in")
    names = {line.thing.username: line.thing.name for line in found.to_save}
    made = [(names[username], username, first.password) for username, first in passwords.items()]
    return Render(template="staff/passwords.html", values={"made": made}, leads_to=STAFF.back)


def _page(
    session: ReadSession, request: PageRequest, problem: Text | None = None, *, chosen: ChosenOffices | None = None
) -> PageResponse:
    return page_of(session, request, STAFF, explains=EXPLAINS, problem=problem, chosen=chosen)
