"""The page that shows who filed a case: it asks for the password once more, and is written into the history."""

from __future__ import annotations

from backoffice.cases.wording import CONTACTS
from backoffice.web.http import PageRequest, PageResponse, Reading, Render
from desk.acting import OutOfReach
from desk.cases import queries as cases
from desk.storage.base import ReadSession


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The name that the person gave, if they gave one."""
    thread = cases.thread(session, case_id=request.path["case"], for_staff=True, scope=request.scope)
    if thread is None:
        raise OutOfReach
    values = {"case": thread.case, "contact": CONTACTS[thread.case.contact]}
    reading = Reading("case.name_read", f"case:{thread.case.id}")
    return Render(template="cases/case_name.html", values=values, reading=reading)
