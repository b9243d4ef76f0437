"""Builds connected chats, and messages to one of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from desk.acting import Actor
from desk.conversations.models import Conversation
from desk.other_chats import actions
from desk.outbox.models import OutboxMessage
from desk.storage.base import WriteSession
from tests.makers import NOW

BEGUN = NOW - timedelta(days=3)
"""When chats of tests were connected, so that it works at NOW."""


def connect(session: WriteSession, one: Conversation, other: Conversation, *, now: datetime = BEGUN) -> None:
    """Connect these two, as the code of `one`, typed in `other`, does; the messages about it are taken away."""
    digits = actions.make_code(session, actor=Actor.chat(one.id), now=now).digits
    actions.connect(session, actor=Actor.chat(other.id), digits=digits, now=now)
    actions.was_told(session, claimed_for=one.id, now=now)
    for message in session.scalars(select(OutboxMessage).where(OutboxMessage.notice.startswith("other_chat"))):
        session.delete(message)
    session.flush()
