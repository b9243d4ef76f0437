"""The tickets and reminders that stand in a chat: which they are, editing them after a change, and sending one more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, delete, exists, or_, select
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.appointments.changing import appointment_to_change
from desk.appointments.notices import EDITED, about, messages, moves_in, ticket_key
from desk.appointments.refusals import NotCancellable, NotYours
from desk.appointments.rows import StandingMessage
from desk.appointments.rules import AppointmentNotice, is_ahead
from desk.conversations.actions import require_chat
from desk.outbox.actions import enqueue
from desk.outbox.rules import LEASE, DeliveryState, Lane, Recipient
from desk.storage.base import WriteSession
from desk.storage.deleting import delete_some

EDITS_KEPT: Final = timedelta(days=1)
"""How long an edit that was made is still known, so that the same change makes no second one."""
AT_ONCE: Final = 200
"""Appointments of one statement."""

_m = messages.c
_STANDING = (
    select(_m.about, _m.message_id, _m.idem_key, _m.notice)
    .where(
        _m.about.in_(bindparam("abouts", expanding=True)),
        _m.conversation_id == bindparam("chat"),
        _m.instead_of.is_(None),  # told in another chat it says so, and has no buttons of its own
        _m.state == DeliveryState.SENT,
        _m.message_id.is_not(None),
        _m.message_id != "",
        _m.notice.in_(EDITED),
    )
    .order_by(_m.id)
)
_ON_ITS_WAY = select(
    exists().where(_m.about == bindparam("about"), _m.state == DeliveryState.CLAIMED, _m.notice.in_(EDITED))
)


def standing(session: Session, *, appointment_id: int, conversation_id: int) -> list[StandingMessage]:
    """The tickets, reminders and proposals of this appointment in this chat, in the order in which they came."""
    return standing_of(session, appointment_ids=[appointment_id], conversation_id=conversation_id)[appointment_id]


def standing_of(
    session: Session, *, appointment_ids: Sequence[int], conversation_id: int
) -> dict[int, list[StandingMessage]]:
    """Likewise of several appointments, by their ids. One statement."""
    by_about = {about(id): id for id in appointment_ids}
    found: dict[int, list[StandingMessage]] = {id: [] for id in appointment_ids}
    for row in session.connection().execute(_STANDING, {"abouts": list(by_about), "chat": conversation_id}):
        is_ticket = row.notice == AppointmentNotice.TICKET
        is_proposal = row.notice == AppointmentNotice.MOVED
        found[by_about[row.about]].append(
            StandingMessage(row.message_id, moves_in(row.idem_key), is_ticket, is_proposal)
        )
    return found


def correct(
    session: WriteSession,
    *,
    appointment_id: int,
    what: str,
    to: Recipient,
    is_name: bool = False,
    beside: Sequence[StandingMessage] = (),
    with_all: Sequence[int] = (),
    due_at: datetime,
    now: datetime,
) -> None:
    """Have what stands in the chat edited after a change; `what` names the change among those of the appointment.

    `is_name` = the time is the same, and the name on it is another. `beside` = messages of others of its household,
    which name it too. `with_all` = the appointments that were all given back with it.

    To be called before `withdraw`: one that is being sent at this moment still arrives, and can be edited only when its
    number is known.
    """
    if session.scalar(_ON_ITS_WAY, {"about": about(appointment_id)}):
        due_at = max(due_at, now + LEASE)
    params: dict[str, Any] = {"appointment": appointment_id} | ({"name": True} if is_name else {})
    if beside:
        params["beside"] = [[each.message_id, each.is_ticket] for each in beside]
    if with_all:
        params["all"] = list(with_all)
    _edit(session, params, what=what, to=to, due_at=due_at, now=now)


def correct_left(
    session: WriteSession, *, appointment_ids: Sequence[int], is_to_desk: bool = False, to: Recipient, now: datetime
) -> None:
    """Have what stands in a chat edited that these appointments leave now: what is said of them follows them.

    `is_to_desk` = to no other chat, but back to the desk.

    To be called before the messages go over, since the messenger's numbers do not go with them.
    """
    if not appointment_ids:
        return
    found = standing_of(session, appointment_ids=appointment_ids, conversation_id=to.conversation_id)
    for appointment_id, stand in found.items():
        if not stand:
            continue
        _edit(
            session,
            {"appointment": appointment_id, "left": [[each.message_id, each.is_ticket] for each in stand]}
            | ({"to_desk": True} if is_to_desk else {}),
            what=f"left:{to.conversation_id}:{stand[-1].message_id}",
            to=to,
            due_at=now,
            now=now,
        )


def forget_edits_of(session: WriteSession, *, appointment_ids: Sequence[int]) -> None:
    """Delete every such edit of these appointments, also in a chat that they left: it would say whose they were."""
    for start in range(0, len(appointment_ids), AT_ONCE):
        some = appointment_ids[start : start + AT_ONCE]
        theirs = or_(*(_m.idem_key.startswith(_key(id), autoescape=True) for id in some))
        session.connection().execute(delete(messages).where(_m.notice == AppointmentNotice.TICKET_CHANGED, theirs))


def forget_edits(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete edits that are over. Those of a chat that an appointment left would say for long where it is now."""
    is_edit = _m.notice == AppointmentNotice.TICKET_CHANGED
    return delete_some(session, messages, is_edit, ~_m.is_open, _m.created_at < now - EDITS_KEPT, limit=limit)


def _key(appointment_id: int) -> str:
    return f"ticket_changed:{appointment_id}:"


def _edit(
    session: WriteSession, params: dict[str, Any], *, what: str, to: Recipient, due_at: datetime, now: datetime
) -> None:
    """A message about nothing: it goes to no other chat, and staff see by the appointment what really tells of it."""
    enqueue(
        session,
        idem_key=f"{_key(params['appointment'])}{what}",
        to=to,
        notice=AppointmentNotice.TICKET_CHANGED,
        params=params,
        about=None,
        lane=Lane.REPLY,
        due_at=due_at,
        now=now,
    )


def send_again(session: WriteSession, *, idem_key: str, appointment_id: int, actor: Actor, now: datetime) -> None:
    """Send the ticket once more to the chat that asks for it; the same `idem_key` sends one.

    Raises NotYours where the appointment is not this chat's, NotCancellable(state) where it is no longer ahead.
    """
    conversation_id = require_chat(actor)
    appointment = appointment_to_change(session, appointment_id=appointment_id)
    if appointment is None or appointment.address is None or appointment.conversation_id != conversation_id:
        raise NotYours(appointment_id=appointment_id)
    if not is_ahead(appointment.state, appointment.starts_at, now=now):
        raise NotCancellable(appointment_id=appointment.id, state=appointment.state)
    enqueue(
        session,
        idem_key=f"{ticket_key(appointment.id, moves=appointment.moves)}:{idem_key}",
        to=appointment.address,
        notice=AppointmentNotice.TICKET,
        params={"appointment": appointment.id, "moves": appointment.moves},
        about=about(appointment.id),
        lane=Lane.REPLY,
        due_at=now,
        now=now,
    )
