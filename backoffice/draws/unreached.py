"""The list of an office of those who were drawn and whom no message reached: by the numbers of their requests."""

from __future__ import annotations

from typing import Final

from backoffice.offices.in_reach import choice_for
from backoffice.web.http import PageRequest, PageResponse, Render
from desk.codes import PublicId
from desk.draws.queries import unreached_winners
from desk.storage.base import ReadSession
from desk.values import LocalMoment

PATH: Final = "/draws/unreached"


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The numbers for the door: they lead to nobody, and the person finds the own one."""
    choice = choice_for(session, request, wanted=request.query_number("office"))
    office = choice.current
    found = [] if office is None else unreached_winners(session, scope=request.scope, office_id=office.id)
    lines = [
        (
            PublicId(each.public_id),
            LocalMoment(each.starts_at, office.zone),
            LocalMoment(each.deliver_by, office.zone),
            each.people,
        )
        for each in found
        if office is not None
    ]
    values = {"choice": choice, "office": office, "lines": lines, "address": PATH}
    return Render(template="draws/unreached.html", values=values, remember=choice.remember)
