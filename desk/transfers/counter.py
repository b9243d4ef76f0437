"""The way over the counter: a clerk looks at the original paper and gives a code, which works once in the new chat.

Only the appointments of the person with this paper go over, and never a case: a clerk who gave the code to another
would otherwise read what was written about that very office. The earlier chat is told at once.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from desk.acting import Actor, OutOfReach, Permission
from desk.appointments.history import subject_of
from desk.appointments.models import Appointment
from desk.conversations.actions import require_chat
from desk.conversations.rules import USUAL, ChatLimits
from desk.events import actions as events
from desk.offices.models import Office
from desk.organisation import office as office_node
from desk.people.links import is_of_person
from desk.people.rules import IdentityDigest
from desk.staff import number_search
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_or_update, table_of
from desk.transfers.actions import transfer
from desk.transfers.models import CounterCode
from desk.transfers.refusals import NoChatThere, NoSuchCode
from desk.transfers.rows import Brought, Proof
from desk.transfers.rules import CODE_LENGTH, CODE_LIVES, TransferWay
from desk.transfers.tries import is_free

_codes, _appointments = table_of(CounterCode), table_of(Appointment)
_offices = table_of(Office)
_ONE = (
    select(*_appointments.c["id", "office_id", "conversation_id", "person_id"], _offices.c.area)
    .join(_offices, _offices.c.id == _appointments.c.office_id)
    .where(_appointments.c.id == bindparam("appointment"))
)
_TAKE = (
    delete(_codes)
    .where(
        _codes.c.mark.in_(bindparam("marks", expanding=True)),
        _codes.c.expires_at > bindparam("now", type_=_codes.c.expires_at.type),
    )
    .returning(_codes.c.appointment_id)
)
_WHOSE = select(*_appointments.c["conversation_id", "person_id"]).where(_appointments.c.id == bindparam("appointment"))
MARK = "counter code"
"""The purpose of the mark of a code."""


def give_code(
    session: WriteSession, *, appointment_id: int, identity: IdentityDigest, actor: Actor, now: datetime
) -> str | None:
    """A new code for the person of this appointment, whose original paper has the number of `identity`; shown once.

    None = it is of somebody with another number, which counts as one looked for in vain: so the form tells nobody a
    number. A new code takes the place of an earlier one. The history records who gave it.

    Raises:
        OutOfReach: the actor records nothing at its office. NoChatThere: the appointment belongs to no chat.
        TooManyNumbers: too many numbers were looked for in vain.
    """
    found = session.execute(_ONE, {"appointment": appointment_id}).one_or_none()
    if found is None:
        raise OutOfReach
    actor.require(Permission.APPOINTMENTS_RECORD, at=office_node(found.office_id, area=found.area))
    if not actor.is_system:
        number_search.require_tries_left(session, actor=actor, now=now)
    if not is_of_person(session, person_id=found.person_id, identity=identity):
        number_search.note_miss(session, actor=actor, counts=True, now=now)
        return None
    if found.conversation_id is None:
        raise NoChatThere
    digits = digits_by_chance()
    session.execute(
        insert_or_update(session, CounterCode, unique=("appointment_id",), updates=("mark", "expires_at")),
        {"appointment_id": found.id, "mark": session.keys.named_mark(MARK, digits), "expires_at": now + CODE_LIVES},
    )
    events.note(
        session,
        kind="transfer.code",
        subject=subject_of(found.id),
        actor=actor,
        office_id=found.office_id,
        is_told=False,
        now=now,
    )
    return digits


def digits_by_chance() -> str:
    """The digits of a new code that is typed in a chat."""
    return "".join(secrets.choice("0123456789") for _ in range(CODE_LENGTH))


def redeem(session: WriteSession, *, actor: Actor, digits: str, limits: ChatLimits = USUAL, now: datetime) -> Brought:
    """Bring the appointments of the person at the counter into the actor's chat. It counts as a try.

    Raises:
        NoSuchCode: no such code is open, or too many were tried.
        TooManyTogether: the chats have too many appointments; the code is used up all the same.
    """
    chat = require_chat(actor)
    free = is_free(session, actor=actor, now=now)
    asked = {"marks": session.keys.named_marks(MARK, digits), "now": now}
    taken = session.connection().execute(_TAKE, asked).scalar_one_or_none() if free else None
    if taken is None:
        raise NoSuchCode
    whose = session.execute(_WHOSE, {"appointment": taken}).one()
    if whose.conversation_id in (None, chat) or whose.person_id is None:
        raise NoSuchCode
    proof = Proof(source=whose.conversation_id, appointment=taken)
    return transfer(
        session,
        actor=actor,
        proof=proof,
        way=TransferWay.COUNTER,
        person_id=whose.person_id,
        limits=limits,
        now=now,
    )
