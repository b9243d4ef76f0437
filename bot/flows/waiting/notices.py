"""Composes the messages about what somebody waits for: an offer, what became of it, and the end of the waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.dialogue.says import Says
from bot.flows import wording
from bot.flows.tables import Notices, Params
from desk.conversations.chat import Chat
from desk.language.text import Text, lines, paragraphs, words
from desk.values import LocalDay, LocalMoment
from desk.waiting import chat as waiting
from desk.waiting.rules import OfferState, RequestState, WaitingNotice

if TYPE_CHECKING:
    from desk.waiting.rows import OfferRow

_ = words("waiting")

STAYS = _("Your place on the list stays.")


def offer(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """A place is offered; None where it can no longer be answered."""
    found = waiting.own_offer(chat, int(params["offer"]))
    if found is None or not found.is_live or found.until(chat.now) <= chat.now:
        return None
    text = paragraphs(
        _("🔔 **A time became free for you.**"),
        lines(found.service.title, _("🕘 **{when}**", when=_when(found)), wording.where(found.office)),
        lines(
            _("Please answer until {until}.", until=LocalMoment(found.until(chat.now), found.zone)),
            _("Others are asked too: who accepts first has it.") if found.is_round else None,
        ),
    )
    return (Says(text, stays=True),)


def _when(found: OfferRow) -> LocalMoment:
    return LocalMoment(found.starts_at, found.zone)


def taken(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    found = waiting.own_offer(chat, int(params["offer"]))
    if found is None or found.state is not OfferState.TOO_LATE:
        return None
    return _of_offer(_("Somebody else accepted the time {when} before you.", when=_when(found)))


def lapsed(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    found = waiting.own_offer(chat, int(params["offer"]))
    if found is None or found.state is not OfferState.LAPSED:
        return None
    return _of_offer(_("No answer came, so the time {when} went to the next.", when=_when(found)))


def gone(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    found = waiting.own_offer(chat, int(params["offer"]))
    if found is None or found.state is not OfferState.WITHDRAWN:
        return None
    return _of_offer(_("The office closed the time {when}. We are sorry.", when=_when(found)))


def _of_offer(what: Text) -> tuple[Says, ...]:
    return (Says(lines(what, STAYS), stays=True),)


def paused(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    found = waiting.own(chat, int(params["request"]))
    if found is None or found.state is not RequestState.PAUSED:
        return None
    text = lines(
        _("Three offers for {service} got no answer.", service=found.service.short_title),
        _("For now we offer you none."),
        STAYS,
    )
    return (Says(text, stays=True),)


def go_on(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    found = waiting.own(chat, int(params["request"]))
    if found is None or not found.is_live:
        return None
    text = _(
        "You wait for {service} until {day}.",
        service=found.service.short_title,
        day=LocalDay(found.wish.until_day),
    )
    return (Says(text, stays=True),)


def over(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    found = waiting.own(chat, int(params["request"]))
    if found is None or found.state is not RequestState.LAPSED:
        return None
    text = lines(
        _("The last day on which you wanted {service} is over.", service=found.service.short_title),
        _("We found no time, and are sorry."),
    )
    return (Says(text, stays=True),)


NOTICES: Final[Notices] = {
    WaitingNotice.OFFER: offer,
    WaitingNotice.OFFER_TAKEN: taken,
    WaitingNotice.OFFER_LAPSED: lapsed,
    WaitingNotice.OFFER_GONE: gone,
    WaitingNotice.REQUEST_PAUSED: paused,
    WaitingNotice.GO_ON: go_on,
    WaitingNotice.REQUEST_LAPSED: over,
}
