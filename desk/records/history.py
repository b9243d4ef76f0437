"""The events of records: on the appointment, on the service, and on a report of staff."""

from __future__ import annotations

from enum import StrEnum


class RecordEvent(StrEnum):
    """What happened to a record."""

    KEPT = "record.kept"
    INQUIRED = "record.inquired"
    REQUIRED = "required_fields.set"
    REPORTED = "broker_report.made"
    LOOKED_AT = "broker_report.looked_at"


def report_subject(report_id: int) -> str:
    """The subject of a report of staff about a broker."""
    return f"broker_report:{report_id}"
