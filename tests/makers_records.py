"""Records of visits, and what they hold, for tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from desk.records.actions import close_visit, note_inquiry
from desk.records.reporting import report_broker
from desk.records.rows import InquiryInput, RecordInput
from desk.records.rules import (
    ClosedWith,
    InquiryPurpose,
    InquiryResult,
    InquirySystem,
    MismatchReason,
    Receipt,
    ReportedSign,
)
from desk.storage.base import WriteSession
from desk.values import Money
from tests.makers import NOW, acting

FEE = Money(270_000)
"""The fee of `makers_fees.make_fee`."""
OFFICE_CODE = "72-1101"


def receipt(**other: Any) -> Receipt:
    """A receipt on which everything is as announced, but for `other`."""
    right: dict[str, Any] = {
        "amount": FEE,
        "is_orange": True,
        "office_code": OFFICE_CODE,
        "names_service": True,
        "reference": "۱۲۳۴۵۶",
        "at": NOW,
    }
    return Receipt(**right | other)


def with_receipt(**other: Any) -> RecordInput:
    """A record that is closed with a receipt."""
    return RecordInput(closing=ClosedWith.RECEIPT, receipt=other.pop("receipt", None) or receipt(), **other)


def keep(session: WriteSession, *, appointment_id: int, record: RecordInput | None = None, now: datetime = NOW) -> None:
    """Close a visit by a clerk, free unless said otherwise."""
    record = record or RecordInput(closing=ClosedWith.FREE)
    close_visit(session, appointment_id=appointment_id, record=record, actor=acting(8), now=now)


def look_up(session: WriteSession, *, appointment_id: int, code: str = "98765432", now: datetime = NOW) -> int:
    """An inquiry by a clerk about the identity of somebody."""
    inquiry = InquiryInput(
        system=InquirySystem.FOREIGNERS, purpose=InquiryPurpose.IDENTITY, result=InquiryResult.YES, code=code
    )
    return note_inquiry(session, appointment_id=appointment_id, inquiry=inquiry, actor=acting(8), now=now)


def put_report(session: WriteSession, *, office_id: int, words: str = "فهرست نام") -> int:
    """What a clerk saw at the door."""
    return report_broker(session, office_id=office_id, sign=ReportedSign.LIST, words=words, actor=acting(8), now=NOW)


def record_everything(session: WriteSession, *, appointment_id: int, words: str) -> None:
    """A record with a reason in words and the number of a payment, and an inquiry with its code."""
    keep(session, appointment_id=appointment_id, record=with_receipt(why=MismatchReason.OTHER, words=words))
    look_up(session, appointment_id=appointment_id)
