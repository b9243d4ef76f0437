"""Cutting the connection of two chats, erasing one, and a message that is just being sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from desk.acting import Actor
from desk.erasure.actions import erase
from desk.other_chats import actions
from desk.other_chats.falling_back import go_home
from desk.other_chats.models import OtherChatCode
from desk.outbox import actions as outbox
from desk.outbox.rules import LEASE, DeliveryState
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from tests.domain.test_other_chats import MINUTE, Pair, chat_of
from tests.makers import NOW, make_conversation


@pytest.fixture
def pair(session: WriteSession) -> Pair:
    return Pair(session)


def test_what_is_just_being_sent_goes_nowhere_else(pair: Pair) -> None:
    """It may arrive; only where its worker is silent beyond the lease it is nobody's."""
    message, now = pair.message(), NOW + 40 * MINUTE
    pair.failed(message, now=NOW)
    assert pair.claimed("telegram", now=now) == [message.id]
    assert pair.waits(now=now + timedelta(seconds=1)) == 0
    assert pair.waits(now=now + LEASE) == 1


@pytest.mark.parametrize("who", ["one", "other"])
def test_a_cut_by_either_gives_back_what_was_not_told_yet(pair: Pair, who: str) -> None:
    waiting, done = pair.message(), pair.message()
    assert pair.refused(waiting)
    assert pair.refused(done)
    outbox.mark_sent(pair.session, id=done.id, message_id="5", now=NOW)
    actions.cut(pair.session, actor=Actor.chat({"one": pair.one, "other": pair.other}[who].id), now=NOW)
    pair.session.expire_all()
    assert (chat_of(waiting), chat_of(done)) == (("telegram", None), ("bale", pair.one.id))
    assert verify(pair.session) == []


def test_what_is_given_back_goes_by_the_bot_of_its_own_chat(pair: Pair) -> None:
    pair.other.bot = "second"
    pair.session.flush()
    message = pair.message()
    assert pair.refused(message)
    assert (message.channel, message.bot) == ("bale", "second")
    actions.cut(pair.session, actor=Actor.chat(pair.one.id), now=NOW)
    pair.session.expire_all()
    assert (message.channel, message.bot) == ("telegram", "mizban")


def test_after_a_cut_what_was_withdrawn_and_is_true_again_is_not_told_there(pair: Pair) -> None:
    """A cancellation withdraws the reminder; what takes it back restores the reminder, which belongs to its chat."""
    message = pair.message()
    assert pair.refused(message)
    outbox.drop(pair.session, about="appointment:1")
    actions.cut(pair.session, actor=Actor.chat(pair.one.id), now=NOW)
    assert outbox.restore(pair.session, idem_keys=[message.idem_key]) == 1
    pair.session.expire_all()
    assert chat_of(message) == ("telegram", None)
    assert message.conversation_id == pair.one.id
    assert message.id in pair.claimed("telegram")
    assert verify(pair.session) == []


async def test_erasing_a_chat_takes_the_code_that_it_shows(storage: Storage) -> None:
    def act(session: WriteSession) -> None:
        one, other = make_conversation(session), make_conversation(session, channel="bale")
        digits = actions.make_code(session, actor=Actor.chat(one.id), now=NOW).digits
        erase(session, actor=Actor.chat(one.id), now=NOW)
        assert session.scalar(select(func.count()).select_from(OtherChatCode)) == 0
        assert actions.look_up(session, actor=Actor.chat(other.id), digits=digits, now=NOW) is None

    await storage.write(act)


def test_what_the_first_worker_sent_after_all_is_told_once_and_its_number_there_means_nothing_here(pair: Pair) -> None:
    message = pair.message()
    pair.claimed("telegram")
    assert pair.refused(message)
    outbox.mark_sent(pair.session, id=message.id, message_id="77", claimed_for=pair.one.id, now=NOW)
    pair.session.expire_all()
    assert pair.claimed("bale") == []
    assert (message.state, message.message_id) == (DeliveryState.SENT, None)


def test_what_waits_in_the_other_chat_which_then_blocks_the_bot_goes_to_its_own_if_that_does_not(pair: Pair) -> None:
    message = pair.message()
    pair.failed(message, now=NOW)
    assert pair.waits(now=NOW + timedelta(hours=1)) == 1
    asked = {"message_id": message.id, "claimed_for": pair.other.id}
    pair.one.reachable = False
    pair.session.flush()
    assert not go_home(pair.session, **asked, now=NOW)
    pair.one.reachable, pair.other.reachable = True, False
    pair.session.flush()
    assert go_home(pair.session, **asked, now=NOW)
    pair.session.expire_all()
    assert chat_of(message) == ("telegram", None)
    assert pair.claimed("telegram") == [message.id]
    assert not go_home(pair.session, message_id=message.id, claimed_for=pair.one.id, now=NOW), "it is at home"
    assert not pair.refused(message), "and comes here no more"
    assert verify(pair.session) == []
