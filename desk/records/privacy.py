"""What records hold of people: reasons in words, numbers of payments, codes of inquiries; erasing removes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, union, update
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.parts import Again, ErasedKind, Fate, Kept, Leaving, Privacy
from desk.records.models import Inquiry, ServiceRecord
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_records, _inquiries, _appointments = table_of(ServiceRecord), table_of(Inquiry), table_of(Appointment)
_HELD = union(
    select(_records.c.appointment_id).where(
        _records.c.why_sealed.is_not(None) | _records.c.reference_sealed.is_not(None)
    ),
    select(_inquiries.c.appointment_id).where(_inquiries.c.code_sealed.is_not(None)),
)


def _erase(session: WriteSession, leaving: Leaving) -> None:
    mine = select(_appointments.c.id).where(_appointments.c.conversation_id == leaving.conversation_id)
    session.execute(
        update(_records).where(_records.c.appointment_id.in_(mine)).values(why_sealed=None, reference_sealed=None)
    )
    session.execute(update(_inquiries).where(_inquiries.c.appointment_id.in_(mine)).values(code_sealed=None))


def _held(session: Session) -> Iterable[int]:
    return session.scalars(_HELD)


def _erase_again(session: WriteSession, ids: Sequence[int], *, now: datetime) -> None:
    session.execute(
        update(_records).where(_records.c.appointment_id.in_(ids)).values(why_sealed=None, reference_sealed=None)
    )
    session.execute(update(_inquiries).where(_inquiries.c.appointment_id.in_(ids)).values(code_sealed=None))


PRIVACY = Privacy(
    columns={
        "service_records.appointment_id": Kept("a visit, which names nobody once it is erased"),
        "service_records.recorded_by": Kept("who of the staff recorded it"),
        "service_records.why_sealed": Fate.EMPTIED,
        "service_records.reference_sealed": Fate.EMPTIED,
        "service_records.findings": Kept("codes of what is not as announced"),
        "service_records.papers_seen": Kept("papers of the catalogue, by their numbers there"),
        "service_records.office_code": Kept("the code of an office, as it stands on a receipt"),
        "inquiries.appointment_id": Kept("a visit, which names nobody once it is erased"),
        "inquiries.made_by": Kept("who of the staff looked it up"),
        "inquiries.code_sealed": Fate.EMPTIED,
        "required_fields.entered_by": Kept("who of the staff entered it"),
        "broker_reports.reported_by": Kept("who of the staff reported it"),
        "broker_reports.looked_by": Kept("who of the directorate read it"),
        "broker_reports.words_sealed": Kept("of no chat: what staff saw at a door; a job erases it after its period"),
    },
    erase=_erase,
    again=Again(ErasedKind.APPOINTMENT, held=_held, erase=_erase_again),
)
