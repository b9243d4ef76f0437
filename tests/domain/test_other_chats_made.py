"""Connecting two chats: it is no way to guess, and what never begins is made anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from desk.acting import Actor
from desk.other_chats import actions
from desk.other_chats.queries import other_of
from desk.other_chats.refusals import NobodyAsks
from desk.other_chats.rules import OtherChatNotice
from desk.outbox import actions as outbox
from desk.outbox.models import OutboxMessage
from desk.storage.base import WriteSession
from desk.transfers.rules import MOST_TRIES
from desk.transfers.tries import rests_until
from desk.verify import verify
from tests.makers import NOW, make_conversation


def test_somebody_who_guesses_has_no_more_tries_than_for_a_transfer(session: WriteSession) -> None:
    one, other = make_conversation(session), make_conversation(session)
    digits = actions.make_code(session, actor=Actor.chat(one.id), now=NOW).digits
    wrong = "00000000" if digits != "00000000" else "11111111"
    for _ in range(MOST_TRIES):
        assert actions.look_up(session, actor=Actor.chat(other.id), digits=wrong, now=NOW) is None
    assert rests_until(session, conversation_id=other.id, now=NOW) == NOW + timedelta(hours=24)
    assert actions.look_up(session, actor=Actor.chat(other.id), digits=digits, now=NOW) is None


def test_connecting_itself_is_no_way_to_guess(session: WriteSession) -> None:
    one, other = make_conversation(session), make_conversation(session)
    digits = actions.make_code(session, actor=Actor.chat(one.id), now=NOW).digits
    wrong = "00000000" if digits != "00000000" else "11111111"
    actor = Actor.chat(other.id)
    for _ in range(MOST_TRIES + 1):
        with pytest.raises(NobodyAsks):
            actions.connect(session, actor=actor, digits=wrong, now=NOW)
    with pytest.raises(NobodyAsks):
        actions.connect(session, actor=actor, digits=digits, now=NOW)
    assert rests_until(session, conversation_id=other.id, now=NOW) == NOW + timedelta(hours=24)
    later = NOW + timedelta(hours=24)
    digits = actions.make_code(session, actor=Actor.chat(one.id), now=later).digits
    assert actions.connect(session, actor=actor, digits=digits, now=later)


def test_the_last_try_that_finds_the_code_connects(session: WriteSession) -> None:
    one, other = make_conversation(session), make_conversation(session)
    digits = actions.make_code(session, actor=Actor.chat(one.id), now=NOW).digits
    wrong = "00000000" if digits != "00000000" else "11111111"
    actor = Actor.chat(other.id)
    for _ in range(MOST_TRIES - 1):
        actions.look_up(session, actor=actor, digits=wrong, now=NOW)
    assert actions.look_up(session, actor=actor, digits=digits, now=NOW)
    assert actions.connect(session, actor=actor, digits=digits, now=NOW)


def test_one_of_which_the_chat_could_not_be_told_is_made_anew(session: WriteSession) -> None:
    """Nothing is told by it, however late: who has that chat when it is back may never have heard of it."""
    one, other = make_conversation(session), make_conversation(session, channel="bale")

    def made() -> OutboxMessage:
        digits = actions.make_code(session, actor=Actor.chat(one.id), now=NOW).digits
        actions.connect(session, actor=Actor.chat(other.id), digits=digits, now=NOW)
        return session.scalars(
            select(OutboxMessage).where(OutboxMessage.is_open, OutboxMessage.notice == OtherChatNotice.MADE)
        ).one()

    def never_begins() -> list[bool]:
        rows = [other_of(session, conversation_id=chat.id) for chat in (one, other)]
        return [row.never_begins for row in rows if row is not None]

    first = made()
    assert never_begins() == [False, False], "it is on its way"
    assert not actions.cut_what_never_begins(session, actor=Actor.chat(other.id), now=NOW)
    outbox.mark_dead(session, id=first.id, reason="blocked", claimed_for=one.id)
    session.expire_all()
    assert never_begins() == [True, True]
    assert actions.cut_what_never_begins(session, actor=Actor.chat(other.id), now=NOW)
    second = made()
    assert never_begins() == [False, False], "the dead message of before says nothing of this one"
    outbox.mark_sent(session, id=second.id, message_id="1", claimed_for=one.id, now=NOW)
    actions.was_told(session, claimed_for=one.id, now=NOW)
    assert never_begins() == [False, False]
    assert not actions.cut_what_never_begins(session, actor=Actor.chat(one.id), now=NOW)
    assert verify(session) == []
