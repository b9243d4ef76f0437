"""Keeps the record with which a visit is closed, and what was looked up for it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from desk.acting import Actor
from desk.appointments.history import subject_of
from desk.appointments.rules import LIVE, AppointmentState
from desk.catalogue.queries import fee_in_force
from desk.events import actions as events
from desk.offices.models import Office
from desk.records.history import RecordEvent
from desk.records.models import Inquiry, ServiceRecord
from desk.records.notices import tell_code
from desk.records.queries import asked_papers, latest_required
from desk.records.refusals import ReasonNeeded, RecordedAlready
from desk.records.rows import InquiryInput, RecordInput
from desk.records.rules import (
    FEWEST_WORDS,
    LONGEST_OFFICE_CODE,
    LONGEST_REFERENCE,
    LONGEST_TRACKING,
    LONGEST_WORDS,
    ClosedWith,
    Mismatch,
    MismatchReason,
    findings_of,
)
from desk.records.stored import CODE, REFERENCE, WHY, sealed
from desk.refusals import whole
from desk.storage.base import WriteSession
from desk.storage.encryption import random_id
from desk.storage.upsert import insert_if_new, table_of
from desk.visits.actions import record_outcome
from desk.visits.recording import AppointmentToRecord, appointment_of
from desk.visits.refusals import NotRecordable
from desk.visits.rules import Outcome

_records, _offices = table_of(ServiceRecord), table_of(Office)
_OFFICE = select(_offices.c.code, _offices.c.province_code).where(_offices.c.id == bindparam("office"))
_IS_KEPT = select(_records.c.appointment_id).where(_records.c.appointment_id == bindparam("appointment"))


class Compared(NamedTuple):
    """A record compared with what is announced for its day and office."""

    findings: tuple[Mismatch, ...]
    fee_rial: int | None


def close_visit(
    session: WriteSession, *, appointment_id: int, record: RecordInput, actor: Actor, now: datetime
) -> None:
    """Record that the person was served, with the record that closes the visit; all or nothing.

    A visit that was served and has no record only gets it. What is not as announced for the day of the visit at its
    office needs a reason. The history records the clerk.
    Raises ReasonNeeded(findings), RecordedAlready, NotYetTheDay, NotRecordable(state), OutOfReach, LookupError.
    """
    appointment = appointment_of(session, appointment_id, actor=actor, now=now)
    if session.scalar(_IS_KEPT, {"appointment": appointment.id}) is not None:
        raise RecordedAlready(appointment_id=appointment.id)
    if appointment.state not in LIVE and appointment.state is not AppointmentState.SERVED:
        raise NotRecordable(appointment_id=appointment.id, state=appointment.state)
    compared = _compared(session, appointment, record=record)
    if appointment.state in LIVE:
        record_outcome(session, appointment_id=appointment.id, outcome=Outcome.SERVED, actor=actor, now=now)
    _keep(session, appointment, record=record, compared=compared, actor=actor, now=now)


def note_inquiry(
    session: WriteSession, *, appointment_id: int, inquiry: InquiryInput, actor: Actor, now: datetime
) -> int:
    """Keep that something was looked up for a visit; the person is told the tracking code. The id of the inquiry.

    Raises NotYetTheDay, NotRecordable(state) for a visit that was cancelled, OutOfReach, LookupError.
    """
    appointment = appointment_of(session, appointment_id, actor=actor, now=now)
    if appointment.state not in {*LIVE, AppointmentState.SERVED, AppointmentState.COME_BACK}:
        raise NotRecordable(appointment_id=appointment.id, state=appointment.state)
    inquiry_id = random_id()
    code = whole(inquiry.code, most=LONGEST_TRACKING)
    session.add(
        Inquiry(
            id=inquiry_id,
            appointment_id=appointment.id,
            system=inquiry.system,
            purpose=inquiry.purpose,
            result=inquiry.result,
            code_sealed=sealed(session.keys, code, column=CODE, row=inquiry_id),
            made_at=now,
            made_by=actor.staff_id,
        )
    )
    session.flush()
    events.note(
        session,
        kind=RecordEvent.INQUIRED,
        subject=subject_of(appointment.id),
        actor=actor,
        office_id=appointment.office_id,
        day=appointment.day,
        data={"system": inquiry.system, "purpose": inquiry.purpose, "result": inquiry.result, "has_code": bool(code)},
        is_told=False,
        now=now,
    )
    if code and appointment.address is not None:
        tell_code(session, inquiry_id=inquiry_id, appointment_id=appointment.id, to=appointment.address, now=now)
    return inquiry_id


def _compared(session: WriteSession, appointment: AppointmentToRecord, *, record: RecordInput) -> Compared:
    """The record against the fee of its day. Raises ReasonNeeded."""
    office = session.execute(_OFFICE, {"office": appointment.office_id}).one()
    fee = fee_in_force(
        session, service_id=appointment.service_id, province_code=office.province_code, today=appointment.day
    )
    amount = None if fee is None else fee.amount
    if (record.closing is ClosedWith.RECEIPT) != (record.receipt is not None):
        raise ValueError("a receipt belongs to a visit that is closed with one")
    found = findings_of(record.closing, receipt=record.receipt, fee=amount, office_code=office.code)
    wants_words = record.why is MismatchReason.OTHER and len(record.words.strip()) < FEWEST_WORDS
    if wants_words or (found and record.why is None):
        raise ReasonNeeded(findings=found, wants_words=wants_words)
    return Compared(found, None if amount is None else amount.rial)


def _keep(
    session: WriteSession,
    appointment: AppointmentToRecord,
    *,
    record: RecordInput,
    compared: Compared,
    actor: Actor,
    now: datetime,
) -> None:
    required = latest_required(session, service_id=appointment.service_id)
    papers = asked_papers(session, service_id=appointment.service_id, kind=appointment.document_kind)
    seen = {paper.id for paper in papers} & record.papers
    unseen = sum(paper.id not in seen and not paper.is_optional for paper in papers)
    receipt, words = record.receipt, whole(record.words.strip(), most=LONGEST_WORDS)
    reference = whole(receipt.reference, most=LONGEST_REFERENCE) if receipt else ""
    values = {
        "appointment_id": appointment.id,
        "required_id": None if required is None else required.id,
        "data": record.data,
        "fingerprint": record.fingerprint,
        "photo": record.photo,
        "papers_seen": sorted(seen),
        "papers_unseen": unseen,
        "closing": record.closing,
        "amount_rial": receipt.amount.rial if receipt else None,
        "is_orange": receipt.is_orange if receipt else None,
        "office_code": whole(receipt.office_code, most=LONGEST_OFFICE_CODE) if receipt else None,
        "names_service": receipt.names_service if receipt else None,
        "reference_sealed": sealed(session.keys, reference, column=REFERENCE, row=appointment.id),
        "receipt_at": receipt.at if receipt else None,
        "fee_rial": compared.fee_rial,
        "findings": [each.value for each in compared.findings],
        "is_wrong": bool(compared.findings),
        "why": record.why,
        "why_sealed": sealed(session.keys, words, column=WHY, row=appointment.id),
        "recorded_at": now,
        "recorded_by": actor.staff_id,
    }
    new = insert_if_new(session, ServiceRecord, unique=("appointment_id",)).returning(_records.c.appointment_id)
    if session.execute(new, values).first() is None:
        raise RecordedAlready(appointment_id=appointment.id)
    told = ("data", "fingerprint", "photo", "closing", "amount_rial", "fee_rial", "findings", "why")
    events.note(
        session,
        kind=RecordEvent.KEPT,
        subject=subject_of(appointment.id),
        actor=actor,
        office_id=appointment.office_id,
        day=appointment.day,
        new={name: values[name] for name in told if values[name] not in (None, [])},
        now=now,
    )
