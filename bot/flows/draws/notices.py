"""Composes what is told of a draw to those who have no place of it: why, at which place, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.dialogue.says import Button, Says
from bot.flows.draws import saying
from bot.flows.tables import Notices, Params
from bot.flows.waiting import request as requests
from desk.draws import chat as draws
from desk.draws.rules import DrawNotice
from desk.language.text import Param, lines, paragraphs, words
from desk.waiting import chat as waiting
from desk.waiting.rules import RequestState

if TYPE_CHECKING:
    from desk.conversations.chat import Chat
    from desk.draws.chat import DrawSeen
    from desk.waiting.rows import RequestRow

_ = words("draw")


def not_listed(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """Another request with its number is in the list of the draw; the person waits on."""
    request = waiting.own(chat, int(params["request"]))
    if request is None or request.state is not RequestState.WAITING:
        return None
    return _told(
        request,
        lines(
            _("The list is closed and this request is not in it: each number counts once."),
            _("You wait on. If the paper is yours, ask at the office, with the original."),
        ),
    )


def not_drawn(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """The request was not drawn; None where it waits no more."""
    found = _found(chat, params)
    if found is None or found[1].where.is_drawn:
        return None
    request, seen = found
    return _told(
        request,
        lines(
            saying.on_its_page(chat, seen.draw, saying.result(seen)),
            _("You take part in the next draw too, with {n} lots.", n=seen.where.lots)
            if seen.where.lots > 1
            else _("You take part in the next draw too."),
        ),
    )


def taken_away(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """The request was drawn a place that the office took away since; None where it has been offered another."""
    found = _found(chat, params)
    if found is None or not found[1].where.is_taken_away:
        return None
    return _told(found[0], saying.on_its_page(chat, found[1].draw, saying.result(found[1])))


def not_held(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """The draw could not be held."""
    found = _found(chat, params)
    if found is None:
        return None
    return _told(
        found[0],
        lines(
            _("The draw was not held; we are sorry."),
            _("Its places are offered in the order of the waiting list. Your place stays."),
        ),
    )


def _found(chat: Chat, params: Params) -> tuple[RequestRow, DrawSeen] | None:
    request = waiting.own(chat, int(params["request"]))
    if request is None or request.state is not RequestState.WAITING:
        return None
    seen = draws.seen_in(chat, request, draw_id=int(params["draw"]))
    return None if seen is None else (request, seen)


def _told(request: RequestRow, said: Param) -> tuple[Says, ...]:
    see_it = Button(requests.SEE_IT, requests.link(request.id).data)
    return (
        Says(paragraphs(_("⏳ **{service}**", service=request.service.title), said), rows=((see_it,),), stays=True),
    )


NOTICES: Final[Notices] = {
    DrawNotice.NOT_LISTED: not_listed,
    DrawNotice.NOT_DRAWN: not_drawn,
    DrawNotice.TAKEN_AWAY: taken_away,
    DrawNotice.NOT_HELD: not_held,
}
