"""Reading turns: of a chat, by code, and the last one as a suggestion for the next."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment, AppointmentEvent, EventKind
from desk.appointments.rows import LastTurn, TurnRow
from desk.calendar import local_day_of
from desk.catalogue.models import Service
from desk.catalogue.queries import listed
from desk.codes import TrackingCode
from desk.language.text import Localised
from desk.offices.models import Office, Province
from desk.offices.queries import row_of
from desk.people.models import Person

__all__ = ["LastTurn", "TurnRow", "by_code", "last_of_conversation", "of_conversation", "turn"]


def of_conversation(session: Session, *, conversation_id: int, now: datetime, live_only: bool = True) -> list[TurnRow]:
    """The turns booked in a chat: live ones soonest first, or all of them newest first.

    A turn that lies behind `now` on a day that is not over yet is still live: the person may be waiting at the office.
    """
    query = _turns().where(Appointment.conversation_id == conversation_id)
    if live_only:
        query = query.where(Appointment.is_live.is_(True)).order_by(Appointment.starts_at, Appointment.id)
        rows = _rows(session, query)
        return [row for row in rows if row.day >= local_day_of(now, zone=row.zone).date]
    return _rows(session, query.order_by(Appointment.id.desc()))


def turn(session: Session, *, appointment_id: int) -> TurnRow | None:
    """The turn of this id."""
    return next(iter(_rows(session, _turns().where(Appointment.id == appointment_id))), None)


def by_code(session: Session, *, code: TrackingCode) -> TurnRow | None:
    """The turn of this tracking code."""
    return next(iter(_rows(session, _turns().where(Appointment.code == code.digits))), None)


def last_of_conversation(session: Session, *, conversation_id: int) -> LastTurn | None:
    """What this chat booked last, whatever became of it."""
    found = session.execute(
        select(Appointment.service_id, Appointment.office_id, Appointment.person_id)
        .where(Appointment.conversation_id == conversation_id)
        .order_by(Appointment.id.desc())
        .limit(1)
    ).one_or_none()
    return None if found is None else LastTurn(*found)


def _turns() -> Select[Appointment, Office, Localised, Service, str | None, str | None]:
    reason = (
        select(AppointmentEvent.reason)
        .where(AppointmentEvent.appointment_id == Appointment.id, AppointmentEvent.kind == EventKind.CANCELLED)
        .order_by(AppointmentEvent.id.desc())
        .limit(1)
        .correlate(Appointment)
        .scalar_subquery()
    )
    return (
        select(Appointment, Office, Province.name, Service, Person.identity_last4, reason)
        .join(Office, Office.id == Appointment.office_id)
        .join(Province, Province.code == Office.province_code)
        .join(Service, Service.id == Appointment.service_id)
        .outerjoin(Person, Person.id == Appointment.person_id)
    )


def _rows(
    session: Session, query: Select[Appointment, Office, Localised, Service, str | None, str | None]
) -> list[TurnRow]:
    # Actions write past the ORM, so a row loaded earlier in the same transaction has to be read again.
    found = session.execute(query.execution_options(populate_existing=True))
    return [
        TurnRow(
            id=turn.id,
            code=TrackingCode(turn.code),
            state=turn.state,
            is_live=turn.is_live,
            starts_at=turn.starts_at,
            day=turn.day,
            zone=office.zone,
            slot_id=turn.slot_id,
            office=row_of(office, province_name),
            service=listed(service),
            person_name=turn.person_name,
            person_id=turn.person_id,
            document_kind=turn.document_kind,
            identity_last4=last4,
            moves=turn.moves,
            conversation_id=turn.conversation_id,
            cancel_reason=reason,
        )
        for turn, office, province_name, service, last4, reason in found
    ]
