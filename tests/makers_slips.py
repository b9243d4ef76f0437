"""What stands on paper for an appointment: a code from the counter, a slip that has served, and one that has not."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.transfers.models import CounterCode
from desk.walk_ins.models import WalkInSlip
from tests.makers import NOW


def put_papers(session: Session) -> None:
    """For the one appointment that is booked and for another one."""
    ahead = session.scalars(select(Appointment.id).where(Appointment.state == AppointmentState.BOOKED)).one()
    other = session.scalars(select(Appointment.id).where(Appointment.id != ahead)).first()
    session.add(CounterCode(appointment_id=ahead, mark="cd" * 32, expires_at=NOW + timedelta(minutes=9)))
    session.add(WalkInSlip(appointment_id=ahead, mark="cd" * 16, made_at=NOW))
    session.add(WalkInSlip(appointment_id=other, spent_mark="ab" * 16, made_at=NOW, tied_at=NOW))
