"""The steps that recording a visit is made of: read the appointment, change its state, write the visit's row."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Update, bindparam, select, update
from sqlalchemy.exc import IntegrityError

from desk.acting import Actor, Permission
from desk.appointments.booking import appointments
from desk.appointments.history import EventKind, write_event
from desk.appointments.notices import remind_again
from desk.appointments.rules import LIVE, AppointmentState, is_ahead
from desk.appointments.stored import read_name
from desk.calendar import local_day_of
from desk.conversations.models import Conversation
from desk.offices.models import Office
from desk.organisation import office as office_node
from desk.outbox.rules import Recipient
from desk.people.rules import DocumentKind
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_if_new, table_of
from desk.visits.models import Visit
from desk.visits.refusals import NotRecordable, NotYetTheDay

visits, office, chat = table_of(Visit), table_of(Office), table_of(Conversation)


class AppointmentToRecord(NamedTuple):
    """The values of an appointment that recording its visit needs."""

    id: int
    state: AppointmentState
    day: date
    starts_at: datetime
    slot_id: int
    moves: int
    office_id: int
    service_id: int
    person_id: int | None
    person_name: str | None
    document_kind: DocumentKind | None
    conversation_id: int | None
    arrived_at: datetime | None
    zone: str
    today: date
    address: Recipient | None


def set_state(
    session: WriteSession,
    appointment: AppointmentToRecord,
    *,
    state: AppointmentState,
    kind: EventKind,
    actor: Actor,
    now: datetime,
) -> None:
    """Change the state, guarded by the state that was read, and write the history."""
    change = update(appointments).where(appointments.c.id == appointment.id, appointments.c.state == appointment.state)
    is_live = state in LIVE and appointment.day >= appointment.today
    change = change.values(state=state, is_live=is_live, changed_at=now)
    attempts = [change]
    if is_live:
        # Only when an outcome is undone: this service was booked again with the same number. That appointment stands;
        # this one is live beside it where another chat booked it.
        if appointment.conversation_id is not None:
            attempts.append(change.values(is_contested=~appointments.c.is_contested))
        attempts.append(change.values(is_live=False))
    done = next(rows for each in attempts if (rows := _changed(session, each)) is not None)
    if done != 1:
        raise NotRecordable(appointment_id=appointment.id, state=appointment.state)
    write_event(
        session,
        appointment_id=appointment.id,
        office_id=appointment.office_id,
        day=appointment.day,
        kind=kind,
        state=state,
        slot_id=appointment.slot_id,
        was=(appointment.state, appointment.slot_id),
        actor=actor,
        now=now,
    )


def _changed(session: WriteSession, change: Update) -> int | None:
    """The number of rows that it changed; None where another live appointment stands in the way."""
    try:
        with session.begin_nested():
            return session.connection().execute(change).rowcount
    except IntegrityError:
        return None


def set_visit(session: WriteSession, appointment: AppointmentToRecord, **values: object) -> None:
    connection = session.connection()
    connection.execute(
        insert_if_new(session, Visit, unique=("appointment_id",)).inline(), {"appointment_id": appointment.id}
    )
    connection.execute(update(visits).where(visits.c.appointment_id == appointment.id).values(**values))


_APPOINTMENT = (
    select(
        appointments.c.id,
        appointments.c.state,
        appointments.c.day,
        appointments.c.starts_at,
        appointments.c.slot_id,
        appointments.c.moves,
        appointments.c.office_id,
        appointments.c.service_id,
        appointments.c.person_id,
        appointments.c.name_sealed,
        appointments.c.code,
        appointments.c.document_kind,
        appointments.c.conversation_id,
        visits.c.arrived_at,
        office.c.zone,
        office.c.area,
        chat.c.channel,
        chat.c.bot,
    )
    .join(office, office.c.id == appointments.c.office_id)
    .outerjoin(visits, visits.c.appointment_id == appointments.c.id)
    .outerjoin(chat, chat.c.id == appointments.c.conversation_id)
    .where(appointments.c.id == bindparam("appointment"))
)


def appointment_of(session: WriteSession, appointment_id: int, *, actor: Actor, now: datetime) -> AppointmentToRecord:
    """The appointment, if the actor may record at its office.

    Raises OutOfReach, NotYetTheDay, LookupError.
    """
    session.flush()
    found = session.execute(_APPOINTMENT, {"appointment": appointment_id}).one_or_none()
    if found is None:
        raise LookupError(f"no appointment {appointment_id}")
    values = dict(found._mapping)
    area, channel, bot = (values.pop(name) for name in ("area", "channel", "bot"))
    values["person_name"] = read_name(session.keys, values.pop("name_sealed"), digits=values.pop("code"))
    today = local_day_of(now, zone=found.zone).date
    address = Recipient(channel, bot, found.conversation_id) if channel else None
    appointment = AppointmentToRecord(**values, today=today, address=address)
    actor.require(Permission.APPOINTMENTS_RECORD, at=office_node(appointment.office_id, area=area))
    if appointment.day > today:
        raise NotYetTheDay(appointment_id=appointment.id, day=appointment.day)
    return appointment


def bring_back_reminders(
    session: WriteSession, appointment: AppointmentToRecord, *, state: AppointmentState, now: datetime
) -> None:
    """Restore the reminders of an appointment that is to come again: recording had withdrawn them."""
    live = session.scalar(select(appointments.c.is_live).where(appointments.c.id == appointment.id))
    if live and is_ahead(state, appointment.starts_at, now=now):
        remind_again(session, appointment_id=appointment.id, moves=appointment.moves)
