"""The words of records: closings, what was taken, what is not as announced, and inquiries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from backoffice.tables import Events, EventWords, Fields, Labels, Messages, Refusals
from desk.language.text import Text, series, words
from desk.records.refusals import ReasonNeeded, RecordedAlready, SourceMissing
from desk.records.rules import (
    ClosedWith,
    InquiryPurpose,
    InquirySystem,
    Mismatch,
    MismatchReason,
    RecordNotice,
    ReportedSign,
    Taking,
)

_ = words("records")
_history = words("history")
_message = words("undelivered")

CLOSINGS: dict[ClosedWith, Text] = {
    ClosedWith.RECEIPT: _("With a receipt"),
    ClosedWith.FREE: _("Free of charge"),
    ClosedWith.NO_RECEIPT: _("Without a receipt"),
}

TAKINGS: dict[Taking, Text] = {
    Taking.YES: _("Yes"),
    Taking.NOT_ASKED: _("Not asked for here"),
    Taking.DEVICE: _("No: the device does not work"),
    Taking.SYSTEM: _("No: the system does not answer"),
    Taking.PERSON: _("No: it cannot be taken of this person"),
    Taking.LATER: _("No: on another day"),
}

FINDINGS: dict[Mismatch, Text] = {
    Mismatch.NO_RECEIPT: _("no receipt"),
    Mismatch.FREE_DESPITE_FEE: _("free, though there is a fee"),
    Mismatch.MORE_THAN_FEE: _("more than the approved fee"),
    Mismatch.LESS_THAN_FEE: _("less than the approved fee"),
    Mismatch.NOT_ORANGE: _("not of the orange card reader"),
    Mismatch.OTHER_OFFICE: _("the code of this office is not on it"),
    Mismatch.OTHER_SERVICE: _("the service is not on it"),
    Mismatch.NO_REFERENCE: _("no reference number"),
}

WHYS: dict[MismatchReason, Text] = {
    MismatchReason.DEVICE: _("The card reader does not work"),
    MismatchReason.SYSTEM: _("The system does not answer"),
    MismatchReason.NO_PAPER: _("The card reader has no paper"),
    MismatchReason.PAID_BEFORE: _("Paid before, on another day"),
    MismatchReason.EXEMPT: _("The person is exempt"),
    MismatchReason.MISTAKE: _("A mistake of the office"),
    MismatchReason.OTHER: _("Another reason, in words"),
}

SYSTEMS: dict[InquirySystem, Text] = {
    InquirySystem.FOREIGNERS: _("System for foreign nationals"),
    InquirySystem.CIVIL_REGISTRATION: _("Civil registration"),
    InquirySystem.POLICE: _("Immigration police"),
    InquirySystem.OTHER: _("Another system"),
}

PURPOSES: dict[InquiryPurpose, Text] = {
    InquiryPurpose.IDENTITY: _("Who the person is"),
    InquiryPurpose.VALIDITY: _("Whether the paper is valid"),
    InquiryPurpose.CONDITIONS: _("The conditions of the service"),
}

REPORTED: dict[ReportedSign, Text] = {
    ReportedSign.LIST: _("Somebody brought a list of names"),
    ReportedSign.SELLS: _("Somebody sells turns"),
    ReportedSign.COLLECTS: _("Somebody collects papers of people"),
}

REFUSALS: Final[Refusals] = {
    ReasonNeeded: lambda refusal: (
        _("Please write in a few words why.")
        if refusal.wants_words
        else _(
            "Not as announced: {findings}. Please say why.", findings=series(*(FINDINGS[f] for f in refusal.findings))
        )
    ),
    RecordedAlready: _("This visit has its record already."),
    SourceMissing: _("Please name the source."),
}

NOTICES: Final[Mapping[str, Text]] = {
    "record_kept": _("The visit is done, and its record is kept."),
    "inquiry_kept": _("The inquiry is kept. The person gets its code in the chat."),
    "broker_reported": _("Thank you. The directorate reads it; your colleagues do not."),
    "report_looked_at": _("It is noted that it was read."),
}

MESSAGES: Final[Messages] = {RecordNotice.INQUIRY: _message("Tracking code of an inquiry")}

EVENTS: Final[Events] = {
    "record.kept": EventWords(
        _history("Turn: record of the visit"),
        lambda who, what: _history("{who} kept the record of the visit {what}.", who=who, what=what),
    ),
    "record.inquired": EventWords(
        _history("Turn: looked up online"),
        lambda who, what: _history("{who} looked something up for {what}.", who=who, what=what),
    ),
    "record.export": EventWords(
        _history("Receipts: taken as a file"),
        lambda who, what: _history("{who} took a file of visits against receipts.", who=who),
    ),
    "record.list": EventWords(
        _history("Receipts: seen"),
        lambda who, what: _history("{who} looked at visits against receipts.", who=who),
    ),
    "required_fields.set": EventWords(
        _history("Required fields: changed"),
        lambda who, what: _history("{who} changed what has to be recorded for {what}.", who=who, what=what),
    ),
    "broker_report.made": EventWords(
        _history("Broker: reported by staff"),
        lambda who, what: _history("{who} reported a broker.", who=who),
    ),
    "broker_report.looked_at": EventWords(
        _history("Broker: report read"),
        lambda who, what: _history("{who} read what staff reported of a broker.", who=who),
    ),
    "broker_report.read": EventWords(
        _history("Broker: reports seen"),
        lambda who, what: _history("{who} looked at what staff reported of brokers.", who=who),
    ),
}

FIELDS: Final[Fields] = {
    "data": _history("Information taken"),
    "fingerprint": _history("Fingerprint"),
    "photo": _history("Photo"),
    "closing": _history("Closed"),
    "fee_rial": _history("Fee in force"),
    "findings": _history("Not as announced"),
    "why": _history("Reason"),
    "fields": _history("Required fields"),
}

LABELS: Final[Labels] = {
    ("appointment", "data"): TAKINGS,
    ("appointment", "fingerprint"): TAKINGS,
    ("appointment", "photo"): TAKINGS,
    ("appointment", "closing"): CLOSINGS,
    ("appointment", "findings"): FINDINGS,
    ("appointment", "why"): WHYS,
}
