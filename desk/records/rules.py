"""What the record of a visit holds, and what of its receipt is not as announced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from desk.outbox.rules import NoticeKind
from desk.reading.folding import ascii_digits
from desk.values import Money

CIRCULAR = "309628"
"""The number of the circular of 17/06/1399: copies of papers are forbidden."""

MOST_FINDINGS = 8
LONGEST_WORDS = 200
LONGEST_REFERENCE = 40
LONGEST_OFFICE_CODE = 20
LONGEST_TRACKING = 40
LONGEST_FIELDS = 2000
FEWEST_WORDS = 4
"""Letters of the words that «another reason» needs."""


class ClosedWith(StrEnum):
    """With what a visit is closed: one of the three, always."""

    RECEIPT = "receipt"
    FREE = "free"
    NO_RECEIPT = "no_receipt"


class Taking(StrEnum):
    """Whether something was taken of the person, or why not. What was taken is never kept here."""

    YES = "yes"
    NOT_ASKED = "not_asked"
    """The service does not ask for it."""
    DEVICE = "device"
    """The device did not work."""
    SYSTEM = "system"
    """The system did not answer."""
    PERSON = "person"
    """It could not be taken of this person."""
    LATER = "later"
    """It is taken on another day."""


TAKEN = frozenset({Taking.YES, Taking.NOT_ASKED})
"""Nothing is missing with these."""


class Mismatch(StrEnum):
    """What of a closing is not as announced; each needs a reason, and the directorate sees it."""

    NO_RECEIPT = "no_receipt"
    FREE_DESPITE_FEE = "free_despite_fee"
    MORE_THAN_FEE = "more_than_fee"
    LESS_THAN_FEE = "less_than_fee"
    NOT_ORANGE = "not_orange"
    OTHER_OFFICE = "other_office"
    """Another office code stands on the receipt, or none."""
    OTHER_SERVICE = "other_service"
    """The receipt does not name the service."""
    NO_REFERENCE = "no_reference"


class MismatchReason(StrEnum):
    """Why a closing is not as announced; one tap, and words where the list does not say it."""

    DEVICE = "device"
    """The card reader did not work."""
    SYSTEM = "system"
    """The system did not answer."""
    NO_PAPER = "no_paper"
    """The card reader had no paper."""
    PAID_BEFORE = "paid_before"
    """The person paid on another day and has that receipt."""
    EXEMPT = "exempt"
    """The person is exempt."""
    MISTAKE = "mistake"
    """The office made a mistake."""
    OTHER = "other"


class InquirySystem(StrEnum):
    """Where something was looked up."""

    FOREIGNERS = "foreigners"
    """The system of the directorate for foreign nationals."""
    CIVIL_REGISTRATION = "civil_registration"
    POLICE = "police"
    """The system of the immigration police."""
    OTHER = "other"


class InquiryPurpose(StrEnum):
    """Why something was looked up."""

    IDENTITY = "identity"
    VALIDITY = "validity"
    """Whether the paper is valid."""
    CONDITIONS = "conditions"
    """Whether the conditions of the service are met."""


class InquiryResult(StrEnum):
    """The kind of result, never the data themselves."""

    YES = "yes"
    NO = "no"
    DIFFERS = "differs"
    NO_ANSWER = "no_answer"


class ReportedSign(StrEnum):
    """What somebody of the staff saw at the door."""

    LIST = "list"
    """Somebody brought a list of names."""
    SELLS = "sells"
    """Somebody sells appointments."""
    COLLECTS = "collects"
    """Somebody collects papers or numbers of people."""


class RecordNotice(NoticeKind):
    """The notices about a record."""

    INQUIRY = "inquiry_code"
    """The tracking code of an inquiry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What stands on a receipt, as the clerk reads it."""

    amount: Money
    is_orange: bool
    """It is of the orange card reader."""
    office_code: str
    names_service: bool
    reference: str
    at: datetime


def findings_of(
    closing: ClosedWith, *, receipt: Receipt | None, fee: Money | None, office_code: str
) -> tuple[Mismatch, ...]:
    """What is not as announced; `fee` is that in force on the day at the office, None = none is announced."""
    if closing is ClosedWith.NO_RECEIPT:
        return (Mismatch.NO_RECEIPT,)
    if closing is ClosedWith.FREE or receipt is None:
        return (Mismatch.FREE_DESPITE_FEE,) if fee is not None and fee.rial > 0 else ()
    found = []
    if fee is not None and receipt.amount != fee:
        found.append(Mismatch.MORE_THAN_FEE if receipt.amount > fee else Mismatch.LESS_THAN_FEE)
    if not receipt.is_orange:
        found.append(Mismatch.NOT_ORANGE)
    if same_code(receipt.office_code) != same_code(office_code):
        found.append(Mismatch.OTHER_OFFICE)
    if not receipt.names_service:
        found.append(Mismatch.OTHER_SERVICE)
    if not receipt.reference:
        found.append(Mismatch.NO_REFERENCE)
    return tuple(found)


def same_code(typed: str) -> str:
    """The digits of an office code: receipts print it with other signs between."""
    return "".join(sign for sign in ascii_digits(typed) if sign.isdigit())
