"""Reading the outbox: what is due next, how much waits, what was given up, and the delivery of messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, bindparam, case, func, or_, select, text
from sqlalchemy.orm import Session

from desk.outbox.models import OutboxMessage
from desk.outbox.quiet import is_quiet
from desk.outbox.rows import Backlog, DeadMessage, Delivery
from desk.outbox.rules import DeliveryState, Lane
from desk.storage.rows import columns_for
from desk.storage.upsert import table_of

STUCK_AFTER = 6
"""The number of tries (about two minutes) after which a message is stuck, not just waiting in line."""

_messages = table_of(OutboxMessage)
_IS_OPEN = text("outbox_messages.is_open")
"""Written as in the partial indexes: SQLite would not use them for `is_open = 1`."""


def _moments(*, is_after: bool) -> Select[Any]:
    """In one row, of each lane, when the first open message falls due and when the first lease ends.

    A lane at a time, so that the index gives the first one without reading the rest. One statement, since a worker asks
    each time before it rests, and once a second while it rests.
    """
    m = _messages.c
    after = bindparam("after", type_=m.due_at.type)
    asked: list[ScalarSelect[Any]] = []
    for lane in Lane:
        mine = (_IS_OPEN, m.lane == lane, m.channel == bindparam("channel"), m.bot == bindparam("bot"))
        falls_due = select(m.due_at).where(*mine, m.state == DeliveryState.OPEN).order_by(m.due_at).limit(1)
        comes_back = select(func.min(m.lease_until)).where(*mine, m.state == DeliveryState.CLAIMED)
        if is_after:
            falls_due = falls_due.where(m.due_at > after)
            # What is under way was due when it was claimed.
            comes_back = comes_back.where(m.due_at <= after, m.lease_until > after)
        asked += [falls_due.scalar_subquery(), comes_back.scalar_subquery()]
    return select(*asked)


_MOMENTS, _MOMENTS_AFTER = _moments(is_after=False), _moments(is_after=True)


def next_due(session: Session, *, channel: str, bot: str, after: datetime | None = None) -> datetime | None:
    """When the next message of this bot may be claimed: when it falls due or its lease ends; None = nothing waits.

    A message that is due but stands behind another of its chat gives a moment in the past. A worker that has just
    claimed what it could passes `after` = its `now` and learns when it has to look again; only then does the number of
    messages that wait for another day make no difference.
    """
    where = {"channel": channel, "bot": bot}
    if after is None:
        moments = session.connection().execute(_MOMENTS, where).one()
    else:
        moments = session.connection().execute(_MOMENTS_AFTER, {**where, "after": after}).one()
    return min((moment for moment in moments if moment is not None), default=None)


def backlog(session: Session, *, now: datetime) -> Backlog:
    """The messages that should have been sent by now, failed ones included; what waits for the morning is not late."""
    m = _messages.c
    replied_at = case((m.lane == Lane.REPLY, m.created_at))  # a reminder is written long before it is due
    stuck = func.sum(case((m.tries >= STUCK_AFTER, 1), else_=0))
    is_due = and_(m.due_at <= now, m.lane == Lane.REPLY) if is_quiet(now) else m.due_at <= now
    number, oldest, failing = session.execute(
        select(func.count(), func.min(replied_at), stuck).where(_IS_OPEN, or_(is_due, m.tries > 0))
    ).one()
    return Backlog(number, oldest, is_stuck=bool(failing))


def about(session: Session, *, message_id: int) -> str | None:
    """The subject of this message, such as `appointment:5`; None for an unknown message or one without a subject."""
    return session.scalar(select(_messages.c.about).where(_messages.c.id == message_id))


def was_sent(session: Session, *, idem_keys: Sequence[str]) -> bool:
    """Whether one of these messages was sent or is being sent."""
    m = _messages.c
    found = (
        select(m.id).where(m.idem_key.in_(idem_keys), m.state.in_([DeliveryState.SENT, DeliveryState.CLAIMED])).limit(1)
    )
    return session.scalar(found) is not None


_DEAD = columns_for(
    DeadMessage, *_messages.c["id", "channel", "bot", "notice", "about", "tries", "reason", "created_at"]
)


def dead(session: Session, *, limit: int, skip: int = 0) -> list[DeadMessage]:
    """The messages that were given up, newest first."""
    m = _messages.c
    rows = session.execute(
        select(*_DEAD).where(m.state == DeliveryState.DEAD).order_by(m.id.desc()).limit(limit).offset(skip)
    )
    return [DeadMessage(*row) for row in rows]


def dead_number(session: Session) -> int:
    """The number of messages that were given up."""
    return (
        session.scalar(select(func.count()).select_from(_messages).where(_messages.c.state == DeliveryState.DEAD)) or 0
    )


def delivery_of(session: Session, *, abouts: Sequence[str]) -> dict[str, Delivery]:
    """The delivery of the newest message about each of `abouts`; those without a message are left out."""
    if not abouts:
        return {}
    m = _messages.c
    rows = session.execute(
        select(m.about, m.state, m.reason, m.due_at, m.sent_at, m.tries).where(m.about.in_(abouts)).order_by(m.id)
    )
    return {about: Delivery(*fate) for about, *fate in rows}
