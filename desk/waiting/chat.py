"""What a chat may do with standing requests and offers: ask, list, change, pause, go on, end, accept and decline."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from desk.appointments import chat as appointments
from desk.appointments.rows import AppointmentRow
from desk.capacity.refusals import NotBookable, QuotaUsedUp, ServiceNotOffered, SlotPassed, SlotTaken
from desk.conversations.chat import Chat
from desk.people import links
from desk.people.rows import KnownPersonRow
from desk.waiting import actions, offer_queries, queries
from desk.waiting.refusals import OfferOver
from desk.waiting.rows import Accepted, LineNow, OfferRow, RequestMade, RequestRow, StandingWish
from desk.waiting.rules import OfferState


def ask(
    chat: Chat,
    *,
    key: str,
    service_id: int,
    people: Sequence[KnownPersonRow | Callable[[], KnownPersonRow]],
    wish: StandingWish,
) -> RequestMade:
    """Let people wait together, known ones or new ones, who are then stored; a refusal stores nobody.

    Raises:
        NotBookable, WishUnusable, TooManyRequests, AlreadyWaiting, NotInThisChat; for a new person also
        TooManyNewPeople.
    """
    with chat.writing.begin_nested():
        known = [each if isinstance(each, KnownPersonRow) else each() for each in people]
        return actions.ask(
            chat.writing,
            idem_key=key,
            actor=chat.actor,
            service_id=service_id,
            person_ids=[each.person_id for each in known],
            wish=wish,
            now=chat.now,
        )


def mine(chat: Chat) -> list[RequestRow]:
    """The live requests of this chat, oldest first."""
    return queries.of_conversation(chat.session, conversation_id=chat.conversation.id)


def own(chat: Chat, request_id: int) -> RequestRow | None:
    """A request of this chat, in any state; None for anybody else's."""
    return queries.owned(chat.session, request_id=request_id, conversation_id=chat.conversation.id)


def line(chat: Chat, request: RequestRow) -> LineNow:
    """What is true of the line of this request now."""
    return queries.line(chat.session, request=request, now=chat.now)


def change(chat: Chat, request_id: int, *, wish: StandingWish) -> None:
    """Wish something else. Raises `NotYourRequest`, `NotLive`, `WishUnusable`."""
    actions.change(chat.writing, request_id=request_id, actor=chat.actor, wish=wish, now=chat.now)


def pause(chat: Chat, request_id: int) -> None:
    """Be offered nothing for now. Raises `NotYourRequest`, `NotLive`."""
    actions.pause(chat.writing, request_id=request_id, actor=chat.actor, now=chat.now)


def resume(chat: Chat, request_id: int) -> None:
    """Be offered places again. Raises `NotYourRequest`, `NotLive`."""
    actions.resume(chat.writing, request_id=request_id, actor=chat.actor, now=chat.now)


def go_on(chat: Chat, request_id: int) -> None:
    """Wait on for the usual number of days. Raises `NotYourRequest`, `NotLive`."""
    actions.go_on(chat.writing, request_id=request_id, actor=chat.actor, now=chat.now)


def end(chat: Chat, request_id: int) -> None:
    """Wait no longer. Raises `NotYourRequest`, `NotLive`."""
    actions.end(chat.writing, request_id=request_id, actor=chat.actor, now=chat.now)


def offers(chat: Chat) -> list[OfferRow]:
    """The live offers to this chat; the time of one may be over already (`OfferRow.can_be_answered`)."""
    return offer_queries.of_conversation(chat.session, conversation_id=chat.conversation.id)


def own_offer(chat: Chat, offer_id: int) -> OfferRow | None:
    """An offer to this chat, in any state; None for anybody else's."""
    return offer_queries.owned(chat.session, offer_id=offer_id, conversation_id=chat.conversation.id)


def note_seen_over(chat: Chat, offer_id: int) -> None:
    """The chat saw that the offer is over: it is not told once more. Raises `NotYourOffer`."""
    actions.note_seen_over(chat.writing, offer_id=offer_id, actor=chat.actor, now=chat.now)


def held(chat: Chat, offer: OfferRow) -> AppointmentRow | None:
    """The appointment that accepting moves: of this service, for somebody of the request, on any of their papers."""
    mine = [
        each for each in appointments.mine(chat) if each.service.id == offer.service.id and each.is_ahead(now=chat.now)
    ]
    theirs = links.with_linked(chat.session, offer.person_ids) if mine else frozenset()
    return next((each for each in mine if each.person_id in theirs), None)


def accept(chat: Chat, *, key: str, offer_id: int) -> Accepted:
    """Book what is offered; a time that the office took away meanwhile is an offer that is over.

    Raises `NotYourOffer`, `OfferOver`, `NobodyToBookFor`, and what else `book` and `move` raise.
    """
    try:
        return actions.accept(
            chat.writing, idem_key=key, offer_id=offer_id, actor=chat.actor, limits=chat.limits, now=chat.now
        )
    except (SlotTaken, QuotaUsedUp, SlotPassed, NotBookable, ServiceNotOffered) as refusal:
        raise OfferOver(offer_id=offer_id, state=OfferState.WITHDRAWN) from refusal


def decline(chat: Chat, offer_id: int) -> None:
    """Let the offered places go on; the place in the line stays. Raises `NotYourOffer`, `OfferOver`."""
    actions.decline(chat.writing, offer_id=offer_id, actor=chat.actor, now=chat.now)
