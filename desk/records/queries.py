"""Reading for the record of a visit: the required fields of a service, and what its form is filled with."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.appointments.rows import AppointmentRow
from desk.catalogue.queries import fee_in_force, papers
from desk.catalogue.rows import PaperRow
from desk.offices.models import Office
from desk.people.rules import DocumentKind
from desk.records.models import Inquiry, RequiredFields, ServiceRecord
from desk.records.rows import InquiryRow, RequiredRow, ToRecord
from desk.records.stored import CODE, opened
from desk.staff.models import StaffMember
from desk.storage.base import keys_of
from desk.storage.rows import columns_for
from desk.storage.upsert import table_of

_required, _records, _staff = table_of(RequiredFields), table_of(ServiceRecord), table_of(StaffMember)
_inquiries, _appointments, _offices = table_of(Inquiry), table_of(Appointment), table_of(Office)

_VERSIONS: Select[Any] = (
    select(
        *columns_for(
            RequiredRow,
            *_required.c["id", "version", "fields", "fingerprint", "photo", "source", "entered_at"],
            entered_by=_staff.c.name,
        )
    )
    .outerjoin(_staff, _staff.c.id == _required.c.entered_by)
    .where(_required.c.service_id == bindparam("service"))
    .order_by(_required.c.version.desc())
)
_LATEST = _VERSIONS.limit(1)
_IS_KEPT = select(_records.c.appointment_id).where(_records.c.appointment_id == bindparam("appointment"))
_INQUIRY = (
    select(
        *_inquiries.c["id", "appointment_id", "system", "purpose", "result", "code_sealed", "made_at"],
        _offices.c.zone,
        _offices.c.name.label("office"),
        _offices.c.code.label("office_code"),
    )
    .join_from(_inquiries, _appointments, _appointments.c.id == _inquiries.c.appointment_id)
    .join(_offices, _offices.c.id == _appointments.c.office_id)
    .where(_inquiries.c.id == bindparam("inquiry"), _appointments.c.conversation_id == bindparam("chat"))
)


def required_versions(session: Session, *, service_id: int) -> list[RequiredRow]:
    """Every version of what has to be recorded for a service, the newest first."""
    return [RequiredRow(*row) for row in session.execute(_VERSIONS, {"service": service_id})]


def latest_required(session: Session, *, service_id: int) -> RequiredRow | None:
    """The version in force; None = none was ever announced."""
    found = session.execute(_LATEST, {"service": service_id}).one_or_none()
    return None if found is None else RequiredRow(*found)


def asked_papers(session: Session, *, service_id: int, kind: DocumentKind | None) -> tuple[PaperRow, ...]:
    """The papers that the catalogue names for everybody or for this kind of identity paper."""
    return tuple(paper for paper in papers(session, service_id=service_id) if paper.document_kind in (None, kind))


def to_record(session: Session, *, appointment: AppointmentRow) -> ToRecord:
    """What the form of a visit is filled with."""
    service, office = appointment.service.id, appointment.office
    fee = fee_in_force(session, service_id=service, province_code=office.province_code, today=appointment.day)
    return ToRecord(
        fee=None if fee is None else fee.amount,
        papers=asked_papers(session, service_id=service, kind=appointment.document_kind),
        required=latest_required(session, service_id=service),
        is_kept=session.scalar(_IS_KEPT, {"appointment": appointment.id}) is not None,
    )


def inquiry_of_chat(session: Session, *, inquiry_id: int, conversation_id: int) -> InquiryRow | None:
    """An inquiry about an appointment of this chat; None for anybody else's."""
    found = session.execute(_INQUIRY, {"inquiry": inquiry_id, "chat": conversation_id}).mappings().one_or_none()
    if found is None:
        return None
    values = dict(found)
    code = opened(keys_of(session), values.pop("code_sealed"), column=CODE, row=found["id"])
    return InquiryRow(**values, code=code)
