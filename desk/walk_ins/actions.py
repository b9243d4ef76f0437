"""The actions on slips: print one, tie its appointment to the chat that scans it, take that back."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import bindparam, select, update

from desk.acting import Actor, OutOfReach, Permission
from desk.appointments.history import subject_of
from desk.appointments.models import Appointment
from desk.appointments.tying import give_to_chat, take_from_chat
from desk.conversations.actions import lock_chat, require_chat
from desk.conversations.rules import USUAL, ChatLimits
from desk.events import actions as events
from desk.offices.models import Office
from desk.offices.reach import node_of
from desk.outbox.actions import enqueue
from desk.outbox.rules import Lane
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_or_update, table_of
from desk.walk_ins.models import WalkInSlip
from desk.walk_ins.queries import MARK, slips, spent_marks
from desk.walk_ins.refusals import HasNoSlip, NotTied, SlipTiesNothing
from desk.walk_ins.rules import SlipState, WalkInEvent, WalkInNotice, ends_at, new_secret

_appointments, _offices = table_of(Appointment), table_of(Office)
_ONE = (
    select(*_appointments.c["id", "office_id", "conversation_id", "person_id", "is_live", "day"], _offices.c.zone)
    .join(_offices, _offices.c.id == _appointments.c.office_id)
    .where(_appointments.c.id == bindparam("appointment"))
    .with_for_update(of=_appointments)
)
_TIE = (
    update(slips)
    .where(slips.c.mark == bindparam("of_mark"))
    .values(mark=None, spent_mark=bindparam("spent"), tied_at=bindparam("now"))
    .returning(slips.c.appointment_id)
)
_UNTIE = (
    update(slips)
    .where(slips.c.appointment_id == bindparam("appointment"), slips.c.tied_at.is_not(None))
    .values(tied_at=None, undone_at=bindparam("now"))
)


def make_slip(session: WriteSession, *, appointment_id: int, actor: Actor, now: datetime) -> str:
    """The secret of a new slip of this appointment, which is shown once; a slip printed before ties nothing more.

    Raises OutOfReach, HasNoSlip.
    """
    found = session.execute(_ONE, {"appointment": appointment_id}).one_or_none()
    if found is None:
        raise OutOfReach
    actor.require(Permission.APPOINTMENTS_WALK_IN, at=node_of(session, found.office_id))
    is_over = now >= ends_at(found.day, zone=found.zone)
    if is_over or not found.is_live or found.conversation_id is not None or found.person_id is None:
        raise HasNoSlip(appointment_id=appointment_id)
    secret = new_secret()
    columns = ("mark", "spent_mark", "made_at", "tied_at", "undone_at")
    session.execute(
        insert_or_update(session, WalkInSlip, unique=("appointment_id",), updates=columns),
        {
            "appointment_id": appointment_id,
            "mark": session.keys.named_mark(MARK, secret),
            "spent_mark": None,
            "made_at": now,
            "tied_at": None,
            "undone_at": None,
        },
    )
    _note(session, found.id, kind=WalkInEvent.SLIP, office_id=found.office_id, actor=actor, now=now)
    return secret


def tie(session: WriteSession, *, actor: Actor, mark: str, limits: ChatLimits = USUAL, now: datetime) -> int:
    """Make the appointment of the slip with this mark the actor's chat's; returns its id. The slip has served.

    Of two chats at once the second ties nothing. Raises SlipTiesNothing, AlreadyHasAppointment, and where the chat has
    as many appointments as it may TooManyAppointments, OneWithoutPaper or TooManyCancelled.
    """
    chat = require_chat(actor)
    lock_chat(session, conversation_id=chat)
    with session.begin_nested():
        spent, *_older = spent_marks(session.keys, mark)
        asked = {"of_mark": mark, "spent": spent, "now": now}
        appointment_id = session.connection().execute(_TIE, asked).scalar_one_or_none()
        if appointment_id is None:
            raise SlipTiesNothing(SlipState.TIED)
        found = session.execute(_ONE, {"appointment": appointment_id}).one()
        is_over = now >= ends_at(found.day, zone=found.zone)
        if is_over or not give_to_chat(session, appointment_id=appointment_id, actor=actor, limits=limits, now=now):
            raise SlipTiesNothing(SlipState.OVER)
    _note(session, appointment_id, kind=WalkInEvent.TIED, office_id=found.office_id, actor=actor, now=now)
    return int(appointment_id)


def untie(session: WriteSession, *, appointment_id: int, actor: Actor, now: datetime) -> None:
    """Take an appointment that a slip tied back from its chat, which is told; it belongs to the desk again.

    Its slip ties nothing more: a new one is printed. Raises OutOfReach, NotTied.
    """
    found = session.execute(_ONE, {"appointment": appointment_id}).one_or_none()
    if found is None:
        raise OutOfReach
    actor.require(Permission.APPOINTMENTS_WALK_IN, at=node_of(session, found.office_id))
    if not session.connection().execute(_UNTIE, {"appointment": appointment_id, "now": now}).rowcount:
        raise NotTied(appointment_id=appointment_id)
    to = take_from_chat(session, appointment_id=appointment_id, now=now)
    if to is None:
        raise NotTied(appointment_id=appointment_id)
    enqueue(
        session,
        idem_key=f"{WalkInNotice.UNTIED}:{secrets.token_hex(8)}",
        to=to,
        notice=WalkInNotice.UNTIED,
        params={},
        about=None,
        lane=Lane.REPLY,
        due_at=now,
        now=now,
    )
    _note(session, appointment_id, kind=WalkInEvent.UNTIED, office_id=found.office_id, actor=actor, now=now)


def _note(
    session: WriteSession, appointment_id: int, *, kind: WalkInEvent, office_id: int, actor: Actor, now: datetime
) -> None:
    subject = subject_of(appointment_id)
    events.note(session, kind=kind, subject=subject, actor=actor, office_id=office_id, is_told=False, now=now)
