"""How the visits of the demonstration were closed: most as announced, one with too much, one without a record."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from desk.acting import Actor
from desk.appointments.models import Appointment
from desk.catalogue.queries import fee_in_force
from desk.offices.models import Office
from desk.records.actions import close_visit
from desk.records.rows import RecordInput
from desk.records.rules import ClosedWith, MismatchReason, Receipt
from desk.storage.base import WriteSession
from desk.values import Money
from desk.visits.actions import record_outcome
from desk.visits.rules import Outcome

TOO_MUCH, WITHOUT = 1, 3
"""Who of the day paid too much, and for whom nobody kept a record."""


def close(session: WriteSession, *, appointment_id: int, number: int, actor: Actor, now: datetime) -> None:
    """End the visit of the person of this number as served."""
    if number == WITHOUT:
        record_outcome(session, appointment_id=appointment_id, outcome=Outcome.SERVED, actor=actor, now=now)
        return
    found = select(Appointment.service_id, Appointment.day, Office.code, Office.province_code)
    of_office = found.join(Office, Office.id == Appointment.office_id).where(Appointment.id == appointment_id)
    row = session.execute(of_office).one()
    fee = fee_in_force(session, service_id=row.service_id, province_code=row.province_code, today=row.day)
    if fee is None:
        close_visit(
            session, appointment_id=appointment_id, record=RecordInput(closing=ClosedWith.FREE), actor=actor, now=now
        )
        return
    is_wrong = number == TOO_MUCH
    receipt = Receipt(
        amount=fee.amount + Money.from_toman(13_000 if is_wrong else 0),
        is_orange=True,
        office_code=row.code,
        names_service=True,
        reference=f"4820{number:02}",
        at=now,
    )
    record = RecordInput(closing=ClosedWith.RECEIPT, receipt=receipt, why=MismatchReason.MISTAKE if is_wrong else None)
    close_visit(session, appointment_id=appointment_id, record=record, actor=actor, now=now)
