"""The plain rows of records, and the input of their actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from desk.catalogue.rows import PaperRow
from desk.events.shown import ShowsSomebody
from desk.language.text import Localised
from desk.records.rules import (
    ClosedWith,
    InquiryPurpose,
    InquiryResult,
    InquirySystem,
    Mismatch,
    MismatchReason,
    Receipt,
    ReportedSign,
    Taking,
)
from desk.values import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInput:
    """The record of a visit as a clerk enters it."""

    closing: ClosedWith
    receipt: Receipt | None = None
    data: Taking = Taking.YES
    fingerprint: Taking = Taking.NOT_ASKED
    photo: Taking = Taking.NOT_ASKED
    papers: frozenset[int] = frozenset()
    """The ids of the papers whose originals were seen and returned."""
    why: MismatchReason | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryInput:
    """An inquiry as a clerk enters it; `code` is what the system gave, "" = none."""

    system: InquirySystem
    purpose: InquiryPurpose
    result: InquiryResult
    code: str = ""


@dataclass(frozen=True, slots=True)
class RequiredRow:
    """A version of what has to be recorded for a service; None in a field = not announced."""

    id: int
    version: int
    fields: Localised | None
    fingerprint: bool | None
    photo: bool | None
    source: Localised
    entered_at: datetime
    entered_by: str | None
    """The name of the member of staff; None where the account is gone, or the system entered it."""


@dataclass(frozen=True, slots=True)
class ToRecord:
    """What the form of a visit is filled with: the fee in force on its day, its papers and its required fields."""

    fee: Money | None
    """None = no fee is announced."""
    papers: tuple[PaperRow, ...]
    """Those that this kind of identity paper asks for."""
    required: RequiredRow | None
    is_kept: bool
    """Somebody has kept the record already."""

    @property
    def asked(self) -> frozenset[int]:
        """The ids of the papers that are not optional."""
        return frozenset(paper.id for paper in self.papers if not paper.is_optional)


@dataclass(frozen=True, slots=True)
class ReceiptsOfOffice:
    """The visits of an office on a day, against their receipts."""

    office_id: int
    name: Localised
    code: str
    served: int
    receipts: int
    free: int
    unreceipted: int
    """Closed with a reason in place of a receipt."""
    missing: int
    """Without any record."""
    wrong: int
    """Not as announced."""
    incomplete: int
    """Something was not taken, or an original not seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow(ShowsSomebody):
    """A visit whose record is missing, or not as announced, or not complete; it names nobody."""

    appointment_id: int
    office_id: int
    office: Localised
    office_code: str
    starts_at: datetime
    zone: str
    number: str
    """The end of the code."""
    service: Localised
    closing: ClosedWith | None
    """None = there is no record."""
    amount: Money | None
    fee: Money | None
    findings: tuple[Mismatch, ...]
    data: Taking | None
    fingerprint: Taking | None
    photo: Taking | None
    papers_unseen: int
    why: MismatchReason | None
    words: str | None
    reference: str | None
    recorded_by: str | None
    """The name of the member of staff."""

    @property
    def shows(self) -> str:
        return f"appointment:{self.appointment_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryRow(ShowsSomebody):
    """An inquiry as its person reads it."""

    id: int
    appointment_id: int
    system: InquirySystem
    purpose: InquiryPurpose
    result: InquiryResult
    code: str | None
    made_at: datetime
    zone: str
    office: Localised
    office_code: str

    @property
    def shows(self) -> str:
        return f"appointment:{self.appointment_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerReportRow(ShowsSomebody):
    """What somebody of the staff reported, as the directorate reads it."""

    id: int
    office: Localised
    office_code: str
    day: date
    sign: ReportedSign
    words: str | None
    reported_at: datetime
    zone: str
    reported_by: str | None
    looked_at: datetime | None
    looked_by: str | None

    @property
    def shows(self) -> str:
        return f"broker_report:{self.id}"


@dataclass(frozen=True, slots=True)
class FoundReports:
    """Some reports, and the number of all."""

    rows: list[BrokerReportRow] = field(default_factory=list)
    total: int = 0
