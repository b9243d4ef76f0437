"""A button that nobody was given tells nothing of a service that applicants may not read yet."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot.dialogue.questions import Done
from bot.flows.catalogue import tell_me
from bot.flows.catalogue.services import NoSuchService
from desk.acting import Actor
from desk.announcements.actions import ask
from desk.conversations.chat import Chat
from desk.conversations.queries import by_id
from desk.storage.base import WriteSession
from tests import weak_hashes
from tests.makers import NOW, make_conversation, make_service

KEY = weak_hashes.keys(b"a key for tests of wishes, 32 by")


def pressed(chat: Chat, arg: str) -> Done:
    talk: Any = SimpleNamespace(desk=chat, draft=tell_me.TellMeDraft())
    assert tell_me.flow.entering is not None
    assert tell_me.flow.finishing is not None
    tell_me.flow.entering(talk, arg)
    return tell_me.flow.finishing(talk)


@pytest.fixture
def chat(session: WriteSession) -> Chat:
    row = by_id(session, conversation_id=make_conversation(session).id)
    assert row is not None
    return Chat.of(session, row, now=NOW, identity_key=KEY)


@pytest.mark.parametrize("button", ["{id}", "off.{id}"])
def test_a_made_up_button_names_no_service_that_is_not_published(
    session: WriteSession, chat: Chat, button: str
) -> None:
    service = make_service(session, title="Secret plan", is_published=False)
    with pytest.raises(NoSuchService):
        pressed(chat, button.format(id=service.id))


def test_who_waits_for_a_service_that_was_taken_off_may_still_take_it_back(session: WriteSession, chat: Chat) -> None:
    service = make_service(session, title="Known plan")
    ask(session, actor=Actor.chat(chat.conversation.id), service_id=service.id, now=NOW)
    service.is_published = False
    session.flush()
    assert "Known plan" in repr(pressed(chat, f"off.{service.id}").text)
