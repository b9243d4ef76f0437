"""Composes what is told of a standing request: an offer, what became of it, a pause, and that its end is near."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.dialogue.says import Button, ButtonStyle, Says
from bot.flows.tables import Notices, Params
from bot.flows.waiting import offer as offers
from bot.flows.waiting import request as requests
from bot.flows.waiting import ways_in
from desk.language.text import Param, lines, paragraphs, words
from desk.values import LocalDay, LocalMoment
from desk.waiting import chat as waiting
from desk.waiting.rules import OfferState, RequestState, WaitingNotice

if TYPE_CHECKING:
    from desk.conversations.chat import Chat
    from desk.waiting.rows import OfferRow, RequestRow

_ = words("offer")


def offer(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """A time that is kept for the person; None where it is over by now."""
    found = waiting.own_offer(chat, int(params["offer"]))
    if found is None or not found.is_live:
        return None
    yes, no = offers.link(found.id, offers.YES).data, offers.link(found.id, offers.NO).data
    return (
        Says(
            offers.offered(chat, found),
            rows=((Button(offers.TAKE, yes, ButtonStyle.CONFIRM),), (Button(offers.LEAVE, no),)),
            stays=True,
            asks=True,
            answers=(yes, no),
        ),
    )


def taken(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """Somebody else who was asked was faster."""
    found = _over(chat, params, OfferState.TOO_LATE)
    if found is None:
        return None
    return _told(found, _("Somebody else was faster: the time of {when} is taken.", when=_when(found)))


def lapsed(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """The time to answer is over."""
    found = _over(chat, params, OfferState.LAPSED)
    if found is None:
        return None
    return _told(found, _("⏳ The time to answer is over: the time of {when} goes to others.", when=_when(found)))


def gone(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """The office took the time back while it was on offer."""
    found = _over(chat, params, OfferState.WITHDRAWN)
    if found is None:
        return None
    return _told(found, _("The office has closed the time of {when}; we are sorry.", when=_when(found)))


def paused(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """Several offers in a row got no answer."""
    request = _request(chat, params, RequestState.PAUSED)
    if request is None:
        return None
    yes, no = requests.link(request.id, requests.RESUME).data, requests.link(request.id, requests.END).data
    return _asked(
        paragraphs(
            requests.what_for(chat, request),
            lines(
                _("⏳ Several offers got no answer, so we pause."),
                _("Your place on the list stays. Shall we go on?"),
            ),
        ),
        yes=Button(requests.GO_ON_WAITING, yes, ButtonStyle.CONFIRM),
        no=Button(requests.STOP, no),
    )


def go_on(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """The last day is near."""
    request = _request(chat, params, RequestState.WAITING, RequestState.PAUSED)
    if request is None:
        return None
    yes, no = requests.link(request.id, requests.GO_ON).data, requests.link(request.id, requests.LET).data
    return _asked(
        paragraphs(
            requests.what_for(chat, request),
            lines(
                _("⏳ Your waiting ends on {day}.", day=LocalDay(request.wish.until_day)),
                _("Shall we go on? Your place on the list stays."),
            ),
        ),
        yes=Button(requests.GO_ON_WAITING, yes, ButtonStyle.CONFIRM),
        no=Button(_("No, that is enough"), no),
    )


def ended(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """The last day is over, and nobody said to go on."""
    request = _request(chat, params, RequestState.LAPSED)
    if request is None:
        return None
    return (
        Says(
            paragraphs(
                requests.what_for(chat, request),
                lines(_("Its last day is over. You wait no more."), _("You can begin anew here.")),
            ),
            rows=((Button(ways_in.TELL_ME, ways_in.anew(request.id).data),),),
            stays=True,
        ),
    )


def place_changed(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """An office counts more days or fewer for the person, or they wait anew; what it says is true when it is sent."""
    request = _request(chat, params, RequestState.WAITING, RequestState.PAUSED)
    if request is None:
        return None
    return (
        Says(
            paragraphs(
                requests.what_for(chat, request),
                lines(
                    _("Your place on the waiting list has changed."),
                    _("An office counts {n} days of waiting more for you.", n=request.days_more)
                    if request.days_more
                    else _("Now only the days count that you waited."),
                    requests.before(waiting.line(chat, request)),
                ),
            ),
            rows=((Button(requests.SEE_IT, requests.link(request.id).data),),),
            stays=True,
        ),
    )


def _over(chat: Chat, params: Params, state: OfferState) -> OfferRow | None:
    """The offer, if it ended so and its request still waits."""
    found = waiting.own_offer(chat, int(params["offer"]))
    if found is None or found.state is not state:
        return None
    request = waiting.own(chat, found.request_id)
    return found if request is not None and request.state is RequestState.WAITING else None


def _request(chat: Chat, params: Params, *states: RequestState) -> RequestRow | None:
    """The request, if it still stands so."""
    request = waiting.own(chat, int(params["request"]))
    return request if request is not None and request.state in states else None


def _told(found: OfferRow, said: Param) -> tuple[Says, ...]:
    see_it = Button(requests.SEE_IT, requests.link(found.request_id).data)
    return (Says(lines(said, offers.STAYS), rows=((see_it,),), stays=True),)


def _asked(text: Param, *, yes: Button, no: Button) -> tuple[Says, ...]:
    return (Says(text, rows=((yes,), (no,)), stays=True, asks=True, answers=(yes.data, no.data)),)


def _when(found: OfferRow) -> LocalMoment:
    return LocalMoment(found.starts_at, found.zone)


NOTICES: Final[Notices] = {
    WaitingNotice.OFFER: offer,
    WaitingNotice.OFFER_TAKEN: taken,
    WaitingNotice.OFFER_LAPSED: lapsed,
    WaitingNotice.OFFER_GONE: gone,
    WaitingNotice.REQUEST_PAUSED: paused,
    WaitingNotice.GO_ON: go_on,
    WaitingNotice.REQUEST_LAPSED: ended,
    WaitingNotice.PLACE_CHANGED: place_changed,
}
