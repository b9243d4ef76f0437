"""The questions about two appointments that stand in chats, once the papers are linked no more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from desk.appointments.booking import appointments
from desk.appointments.notices import about, messages
from desk.appointments.rules import fall_is_told_at
from desk.linked_papers.rules import LinkNotice
from desk.linked_papers.telling import ASKING, key_of, unsay
from desk.offices.models import Office
from desk.outbox.actions import enqueue
from desk.outbox.quiet import after_the_night
from desk.outbox.rules import LEASE, DeliveryState, Lane
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.waiting.telling import recipient

_m = messages.c
_offices = table_of(Office)
_ASKED = select(_m.idem_key, _m.state, _m.conversation_id, _m.message_id, _m.instead_of).where(
    _m.idem_key.in_(bindparam("keys", expanding=True)),
    _m.state.in_((DeliveryState.SENT, DeliveryState.CLAIMED)),
)
_WHEN = (
    select(appointments.c.starts_at, _offices.c.zone)
    .join_from(appointments, _offices, _offices.c.id == appointments.c.office_id)
    .where(appointments.c.id == bindparam("appointment"))
)


class Ended(NamedTuple):
    """A question that was open when its papers stopped to be linked."""

    choice_id: int
    earlier_id: int
    later_id: int


def say_both_stay(session: WriteSession, ended: Iterable[Ended], *, now: datetime) -> None:
    """Tell the chats that were asked that both stay; a question that was not sent yet is withdrawn.

    Where nothing had to be chosen, what stands is only edited, and no sooner than it was told.
    """
    for question in ended:
        for appointment_id in (question.earlier_id, question.later_id):
            keys = {key_of(notice, question.choice_id, appointment_id): notice for notice in ASKING}
            for row in session.execute(_ASKED, {"keys": list(keys)}).all():
                at = session.execute(_WHEN, {"appointment": appointment_id}).one()
                is_asked = keys[row.idem_key] is LinkNotice.WHICH_STAYS
                due_at = after_the_night(now) if is_asked else fall_is_told_at(now, at.starts_at, zone=at.zone)
                if row.state is DeliveryState.CLAIMED:  # it still arrives, and is edited once its number is known
                    due_at = max(due_at, now + LEASE)
                _tell(session, question.choice_id, appointment_id, chat=row.conversation_id, due_at=due_at, now=now)
            unsay(session, appointment_id=appointment_id)


def standing(session: Session, *, choice_id: int, appointment_id: int, conversation_id: int) -> str | None:
    """The messenger's number of the question as it stands in this chat; None where it does not stand there."""
    keys = [key_of(notice, choice_id, appointment_id) for notice in ASKING]
    for row in session.execute(_ASKED, {"keys": keys}):
        if row.conversation_id == conversation_id and row.instead_of is None and row.state is DeliveryState.SENT:
            return row.message_id or None
    return None


def _tell(
    session: WriteSession, choice_id: int, appointment_id: int, *, chat: int | None, due_at: datetime, now: datetime
) -> None:
    to = recipient(session, chat)
    if to is None:
        return
    enqueue(
        session,
        idem_key=key_of(LinkNotice.BOTH_STAY, choice_id, appointment_id),
        to=to,
        notice=LinkNotice.BOTH_STAY,
        params={"choice": choice_id, "appointment": appointment_id},
        about=about(appointment_id),
        lane=Lane.REPLY,
        due_at=due_at,
        now=now,
    )
