"""An edit of a ticket left behind says for a day at most whose it was, and after erasing not at all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.acting import Actor
from desk.appointments.rules import AppointmentNotice
from desk.appointments.tickets import EDITS_KEPT, forget_edits, send_again
from desk.conversations.models import Conversation
from desk.erasure.actions import erase
from desk.outbox import actions as outbox
from desk.outbox.models import OutboxMessage
from desk.storage.base import WriteSession
from tests.domain.transfer_scene import Scene
from tests.makers import NOW


@pytest.fixture
def scene(session: WriteSession) -> Scene:
    return Scene(session)


def test_no_edit_of_a_ticket_says_to_whom_an_erased_turn_belonged(scene: Scene) -> None:
    session = scene.session
    edited(scene)
    erase(session, actor=Actor.chat(scene.new.id), now=NOW)
    assert edits_of(session, scene.old) == []


def test_edits_of_tickets_do_not_say_for_long_which_chat_went_over_to_which(scene: Scene) -> None:
    session = scene.session
    edited(scene)
    assert forget_edits(session, now=NOW + EDITS_KEPT + timedelta(minutes=1), limit=99) == 0, "it is not made yet"
    for each in session.scalars(select(OutboxMessage).where(OutboxMessage.conversation_id == scene.old.id)):
        outbox.mark_sent(session, id=each.id, message_id=None, now=NOW)
    assert forget_edits(session, now=NOW + EDITS_KEPT + timedelta(minutes=1), limit=99) == 1
    assert edits_of(session, scene.old) == []


def edited(scene: Scene) -> None:
    """A ticket stands in the old chat and is edited since its turn went over."""
    session = scene.session
    send_again(session, idem_key="1", appointment_id=scene.turn.id, actor=Actor.chat(scene.old.id), now=NOW)
    channel, bot = scene.old.channel, scene.old.bot
    [claimed] = outbox.claim(session, channel=channel, bot=bot, limit=1, now=NOW)
    outbox.mark_sent(session, id=claimed.id, message_id="41", now=NOW)
    scene.bring()
    assert len(edits_of(session, scene.old)) == 1


def edits_of(session: WriteSession, chat: Conversation) -> list[Any]:
    edits = select(OutboxMessage.params).where(OutboxMessage.notice == AppointmentNotice.TICKET_CHANGED)
    return list(session.scalars(edits.where(OutboxMessage.conversation_id == chat.id)))
