"""The whole rule of the line, in the words that hang on the wall."""

from __future__ import annotations

from backoffice.board.page import address_of
from backoffice.offices.in_reach import choice_for
from backoffice.web.http import PageRequest, PageResponse, Render
from desk.acting import OutOfReach
from desk.line import queries as line
from desk.storage.base import ReadSession


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The rule with the numbers of one office."""
    choice = choice_for(session, request, wanted=request.query_number("office"))
    if choice.current is None:
        raise OutOfReach
    rules = line.rules_of(session, office_id=choice.current.id)
    back = address_of(choice.current.id)
    return Render(template="board/rule.html", values={"office": choice.current, "rules": rules, "back": back})
