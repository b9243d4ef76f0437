"""The list of a day at an office, as clerks and the marshal work from it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.appointments.rules import State
from desk.catalogue.models import Service
from desk.codes import TrackingCode
from desk.offices.models import Office
from desk.people.models import Person
from desk.visits.models import Visit
from desk.visits.rows import DayCounts, DayRow

__all__ = ["DayCounts", "DayRow", "day_counts", "day_list"]


def day_list(session: Session, *, office_id: int, day: date, with_cancelled: bool = False) -> list[DayRow]:
    """The turns of a day at an office in order of time. One statement."""
    query = (
        select(
            Appointment.id,
            Appointment.code,
            Appointment.starts_at,
            Office.zone,
            Appointment.person_name,
            Person.identity_last4,
            Appointment.document_kind,
            Service.short_title,
            Appointment.state,
            Visit.arrived_at,
            Visit.outcome,
            Visit.come_back_on,
            Visit.note,
        )
        .join(Service, Service.id == Appointment.service_id)
        .join(Office, Office.id == Appointment.office_id)
        .outerjoin(Person, Person.id == Appointment.person_id)
        .outerjoin(Visit, Visit.appointment_id == Appointment.id)
        .where(Appointment.office_id == office_id, Appointment.day == day)
        .order_by(Appointment.starts_at, Appointment.id)
    )
    if not with_cancelled:
        query = query.where(Appointment.state.not_in([State.CANCELLED_BY_PERSON, State.CANCELLED_BY_OFFICE]))
    return [
        DayRow(
            appointment_id=id,
            code=TrackingCode(code),
            starts_at=starts_at,
            zone=zone,
            person_name=person_name,
            identity_last4=last4,
            document_kind=kind,
            service=service,
            state=state,
            arrived_at=arrived_at,
            outcome=outcome,
            come_back_on=come_back_on,
            note=note,
        )
        for (
            id,
            code,
            starts_at,
            zone,
            person_name,
            last4,
            kind,
            service,
            state,
            arrived_at,
            outcome,
            come_back_on,
            note,
        ) in session.execute(query)
    ]


def day_counts(session: Session, *, office_id: int, day: date) -> DayCounts:
    """How many turns of the day stand where. One statement."""
    found = session.execute(
        select(Appointment.state, func.count())
        .where(Appointment.office_id == office_id, Appointment.day == day)
        .group_by(Appointment.state)
    )
    counts: dict[State, int] = dict(found.all())
    cancelled = counts.pop(State.CANCELLED_BY_PERSON, 0) + counts.pop(State.CANCELLED_BY_OFFICE, 0)
    return DayCounts(
        booked=sum(counts.values()),
        waiting=counts.get(State.BOOKED, 0),
        arrived=counts.get(State.ARRIVED, 0),
        served=counts.get(State.SERVED, 0),
        come_back=counts.get(State.COME_BACK, 0),
        absent=counts.get(State.ABSENT, 0),
        cancelled=cancelled,
    )
