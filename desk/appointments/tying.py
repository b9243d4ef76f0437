"""An appointment that was taken for nobody's chat becomes a chat's, and goes back to the desk; its place stays."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import bindparam, delete, or_, select, update

from desk.acting import Actor
from desk.appointments.models import Appointment
from desk.appointments.notices import THAT_STAY, about, announce, messages, ticket_key, ticket_once_more, withdraw
from desk.appointments.proposing import let_stand
from desk.appointments.refusals import AlreadyHasAppointment
from desk.appointments.room import require_room
from desk.appointments.rules import LIVE, AppointmentNotice, AppointmentState, is_ahead
from desk.appointments.tickets import correct_left
from desk.appointments.transferring import lapse_over
from desk.capacity.shares import Share
from desk.conversations.actions import require_chat
from desk.conversations.models import Conversation
from desk.conversations.rules import ChatLimits
from desk.offices.models import Office
from desk.outbox.actions import drop
from desk.outbox.queries import was_sent
from desk.outbox.rules import DeliveryState, Recipient
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_appointments, _offices, _chats = table_of(Appointment), table_of(Office), table_of(Conversation)
_other = _appointments.alias("other")
_ONE = (
    select(
        *_appointments.c[
            "id", "person_id", "link_id", "service_id", "document_kind", "state", "is_live", "starts_at", "moves"
        ],
        *_appointments.c["conversation_id", "share"],
        _offices.c.zone,
    )
    .join(_offices, _offices.c.id == _appointments.c.office_id)
    .where(_appointments.c.id == bindparam("appointment"))
    .with_for_update(of=_appointments)
)
_SAME_THERE = select(*_other.c["id", "state", "starts_at"]).where(
    _other.c.conversation_id == bindparam("chat"),
    _other.c.service_id == bindparam("service"),
    or_(
        _other.c.person_id == bindparam("person"),
        _other.c.link_id == bindparam("link", type_=_other.c.link_id.type),
    ),
    _other.c.is_live,
)
_ADDRESS = select(*_chats.c["channel", "bot", "id"]).where(_chats.c.id == bindparam("chat"))
_GIVE = (
    update(_appointments)
    .where(_appointments.c.id == bindparam("appointment"), _appointments.c.conversation_id.is_(None))
    .values(conversation_id=bindparam("chat"))
)
_TAKE = (
    update(_appointments)
    .where(_appointments.c.id == bindparam("appointment"))
    .values(conversation_id=None, asked_at=None, confirmed_at=None)
)
_FORGET_UNSENT = delete(messages).where(
    messages.c.about == bindparam("of"),
    messages.c.state == DeliveryState.DROPPED,
    messages.c.notice.in_(THAT_STAY),
)


def give_to_chat(
    session: WriteSession, *, appointment_id: int, actor: Actor, limits: ChatLimits, now: datetime
) -> bool:
    """Make a live appointment of no chat the actor's chat's, which the caller has locked, and write its ticket and
    reminders.

    False = it is over, or a chat's. Raises AlreadyHasAppointment where the chat has another of the same person and
    service, and what `require_room` raises.
    """
    conversation_id = require_chat(actor)
    session.flush()
    row = session.execute(_ONE, {"appointment": appointment_id}).one_or_none()
    if row is None or not row.is_live or row.state not in LIVE or row.person_id is None or row.conversation_id:
        return False
    lapse_over(session, chats=(conversation_id,), now=now)
    there = {"chat": conversation_id, "service": row.service_id, "person": row.person_id, "link": row.link_id}
    for other in session.execute(_SAME_THERE, there):
        can_be_changed = is_ahead(other.state, other.starts_at, now=now)
        raise AlreadyHasAppointment(appointment_id=other.id, is_own_chat=True, can_be_changed=can_be_changed)
    require_room(
        session,
        conversation_id=conversation_id,
        service_id=row.service_id,
        document_kind=row.document_kind,
        limits=limits,
        now=now,
    )
    session.connection().execute(_GIVE, {"appointment": appointment_id, "chat": conversation_id})
    to = Recipient(*session.connection().execute(_ADDRESS, {"chat": conversation_id}).one())
    is_again = was_sent(session, idem_keys=[ticket_key(appointment_id, moves=row.moves)])
    announce(
        session,
        appointment_id=appointment_id,
        moves=row.moves,
        starts_at=row.starts_at,
        zone=row.zone,
        to=to,
        now=now,
    )
    if is_again:  # another chat had it before, and was told
        which = secrets.token_hex(4)
        ticket_once_more(
            session, appointment_id=appointment_id, moves=row.moves, which=which, to=to, due_at=now, now=now
        )
    if row.state is not AppointmentState.BOOKED or row.share is Share.WALK_IN:  # who is there, or has no time to come
        drop(session, about=about(appointment_id), notices=[AppointmentNotice.REMINDER])
    return True


def take_from_chat(session: WriteSession, *, appointment_id: int, now: datetime) -> Recipient | None:
    """Take a live appointment from its chat, where what stands of it is edited; None = it is over, or no chat's.

    Messages that were not sent are forgotten, so that they can be written for another chat. A time that the office
    proposed stands: else it would be let go, since nobody could accept it.
    """
    session.flush()
    row = session.execute(_ONE, {"appointment": appointment_id}).one_or_none()
    if row is None or not row.is_live or row.state not in LIVE or row.conversation_id is None:
        return None
    to = Recipient(*session.connection().execute(_ADDRESS, {"chat": row.conversation_id}).one())
    correct_left(session, appointment_ids=[appointment_id], is_to_desk=True, to=to, now=now)
    withdraw(session, appointment_id=appointment_id)
    session.connection().execute(_FORGET_UNSENT, {"of": about(appointment_id)})
    session.connection().execute(_TAKE, {"appointment": appointment_id})
    let_stand(session, appointment_id=appointment_id)
    return to
