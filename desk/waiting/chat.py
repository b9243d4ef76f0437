"""What a chat may do with standing requests: ask, list, change, pause, go on and end."""

from __future__ import annotations

from collections.abc import Callable

from desk.conversations.chat import Chat
from desk.people.rows import KnownPersonRow
from desk.waiting import actions, queries
from desk.waiting.rows import LineNow, RequestMade, RequestRow, StandingWish


def ask(
    chat: Chat, *, key: str, service_id: int, person: KnownPersonRow | Callable[[], KnownPersonRow], wish: StandingWish
) -> RequestMade:
    """Let a known person wait, or a new `person`, who is then stored; a refusal stores neither.

    Raises:
        NotBookable, WishUnusable, TooManyRequests, AlreadyWaiting, NotInThisChat; for a new person also
        TooManyNewPeople.
    """
    with chat.writing.begin_nested():
        known = person if isinstance(person, KnownPersonRow) else person()
        return actions.ask(
            chat.writing,
            idem_key=key,
            actor=chat.actor,
            service_id=service_id,
            person_ids=[known.person_id],
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
    """StandingWish something else. Raises `NotYourRequest`, `NotLive`, `WishUnusable`."""
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
