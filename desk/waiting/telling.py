"""The messages about an offer and about a request, written into the outbox for the chat that waits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.conversations.models import Conversation
from desk.outbox.actions import enqueue
from desk.outbox.quiet import after_the_night
from desk.outbox.rules import Lane, Recipient
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.waiting.history import subject_of
from desk.waiting.rounds import about
from desk.waiting.rules import WaitingNotice

_chats = table_of(Conversation)


def tell(session: WriteSession, *, notice: WaitingNotice, offer_id: int, to: Recipient | None, now: datetime) -> None:
    """Tell the chat at once what became of the offer; None = it is gone."""
    if to is not None:
        enqueue(
            session,
            idem_key=f"{notice}:{offer_id}",
            to=to,
            notice=notice,
            params={"offer": offer_id},
            about=about(offer_id),
            lane=Lane.REPLY,
            due_at=now,
            now=now,
        )


def recipient(session: Session, conversation_id: int | None) -> Recipient | None:
    """The chat that is told; None where there is none any more."""
    found = session.execute(select(*_chats.c["channel", "bot", "id"]).where(_chats.c.id == conversation_id))
    row = found.one_or_none()
    return None if row is None else Recipient(row.channel, row.bot, row.id)


def tell_of_request(
    session: WriteSession,
    request_id: int,
    notice: WaitingNotice,
    *,
    to: Recipient | None,
    which: str,
    now: datetime,
) -> None:
    """Tell the chat by day what became of its request; `which` sets two messages of one kind apart."""
    if to is not None:
        enqueue(
            session,
            idem_key=f"{notice}:{request_id}:{which}",
            to=to,
            notice=notice,
            params={"request": request_id},
            about=subject_of(request_id),
            lane=Lane.BULK,
            due_at=after_the_night(now),
            now=now,
        )
