"""What shifts and alarms hold of people: of the staff only."""

from __future__ import annotations

from desk.parts import Kept, Privacy

_OF_STAFF = Kept("of the staff, not of an applicant; it is deleted after its period")

PRIVACY = Privacy(
    columns={
        "marshal_shifts.staff_id": _OF_STAFF,
        "marshal_shifts.entered_by": _OF_STAFF,
        "crowd_alarms.raised_by": _OF_STAFF,
        "crowd_alarms_seen.staff_id": _OF_STAFF,
    }
)
