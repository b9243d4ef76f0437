"""Asking people some days before whether they come, where the service says so, and what they answer.

Who says nothing keeps the appointment: an answer is a help to the office, never a condition.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.appointments.changing import appointment_to_change
from desk.appointments.history import EventKind, write_event
from desk.appointments.models import Appointment
from desk.appointments.notices import ask_about
from desk.appointments.proposals import OF_ITS_TIME, proposals
from desk.appointments.rules import UNANSWERED, AppointmentState, is_asked_now
from desk.calendar import local_day_of
from desk.catalogue.models import Service
from desk.conversations.models import Conversation
from desk.offices.models import Office
from desk.outbox.rules import Recipient
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_appointments, _services = table_of(Appointment), table_of(Service)
_offices, _chats = table_of(Office), table_of(Conversation)

AT_REST = timedelta(days=1)
"""An appointment that was made or changed within this time is not asked about: its person has just chosen it."""

_DAYS = select(_services.c.asks_days_before).where(_services.c.asks_days_before.is_not(None)).distinct()
_ZONES = select(_offices.c.zone).distinct()
_TO_ASK = (
    select(
        *_appointments.c["id", "moves", "household_id", "conversation_id"],
        *_chats.c["channel", "bot"],
    )
    .join_from(_appointments, _services, _services.c.id == _appointments.c.service_id)
    .join(_offices, _offices.c.id == _appointments.c.office_id)
    .join(_chats, _chats.c.id == _appointments.c.conversation_id)
    .outerjoin(proposals, OF_ITS_TIME & proposals.c.state.in_(UNANSWERED))
    .where(
        _appointments.c.day.between(bindparam("first"), bindparam("last")),
        _appointments.c.person_id.is_not(None),
        _appointments.c.is_live.is_(True),
        _appointments.c.state == AppointmentState.BOOKED,
        _appointments.c.asked_at.is_(None),
        _appointments.c.confirmed_at.is_(None),
        _appointments.c.changed_at <= bindparam("rested", type_=_appointments.c.changed_at.type),
        _offices.c.zone == bindparam("zone"),
        _services.c.asks_days_before == bindparam("days"),
        proposals.c.id.is_(None),
    )
    .order_by(_appointments.c.day, _appointments.c.id)
    .limit(bindparam("most"))
)
_ASKED = (
    update(_appointments)
    .where(_appointments.c.id == bindparam("appointment"), _appointments.c.moves == bindparam("at"))
    .values(asked_at=bindparam("now", type_=_appointments.c.asked_at.type))
)
_CONFIRM = (
    update(_appointments)
    .where(
        _appointments.c.id == bindparam("appointment"),
        _appointments.c.moves == bindparam("at"),
        _appointments.c.is_live.is_(True),
        _appointments.c.state == AppointmentState.BOOKED,
        _appointments.c.confirmed_at.is_(None),
    )
    .values(confirmed_at=bindparam("now", type_=_appointments.c.confirmed_at.type))
)


def ask_whether_they_come(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Write the question to the people whose day has come near, in working hours of their office; their number.

    From so many days before as the service says until two days before; the eve has its reminder, which asks too.
    """
    asked = 0
    for zone, days in _zones_and_days(session):
        if not is_asked_now(now, zone=zone) or asked >= limit:
            continue
        today = local_day_of(now, zone=zone)
        given = {"first": today.plus(2).date, "last": today.plus(days).date, "zone": zone, "days": days}
        rows = session.execute(_TO_ASK, {**given, "rested": now - AT_REST, "most": limit - asked}).all()
        for row in rows:
            _ask(session, row, now=now)
        asked += len(rows)
    return asked


def _zones_and_days(session: Session) -> list[tuple[str, int]]:
    days = sorted(each for each in session.scalars(_DAYS) if each is not None)
    return [(zone, each) for zone in sorted(session.scalars(_ZONES)) for each in days] if days else []


def _ask(session: WriteSession, row: Any, *, now: datetime) -> None:
    session.connection().execute(_ASKED, {"appointment": row.id, "at": row.moves, "now": now})
    ask_about(
        session,
        appointment_id=row.id,
        moves=row.moves,
        is_joint=row.household_id is not None,
        to=Recipient(row.channel, row.bot, row.conversation_id),
        now=now,
    )


def confirm(session: WriteSession, *, appointment_id: int, actor: Actor, now: datetime) -> bool:
    """The person says that they come at the present time; False = they had said so, or it is no longer ahead.

    The caller has asked whose the appointment is.
    """
    session.flush()
    appointment = appointment_to_change(session, appointment_id=appointment_id)
    if appointment is None or appointment.starts_at <= now:
        return False
    said = {"appointment": appointment.id, "at": appointment.moves, "now": now}
    if session.connection().execute(_CONFIRM, said).rowcount != 1:
        return False
    write_event(
        session,
        appointment_id=appointment.id,
        office_id=appointment.office_id,
        day=appointment.day,
        kind=EventKind.CONFIRMED,
        state=appointment.state,
        slot_id=appointment.slot_id,
        was=(appointment.state, appointment.slot_id),
        actor=actor,
        now=now,
    )
    return True
