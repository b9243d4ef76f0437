"""What rosters hold of people: who of the staff is off duty on which day, and why they asked for that."""

from __future__ import annotations

from desk.parts import Kept, Privacy

_OF_STAFF = Kept("of the staff, not of an applicant; it is deleted after its period")

PRIVACY = Privacy(
    columns={
        "duty_days_off.staff_id": Kept("who of the staff is not on duty that day; it is deleted after its period"),
        "leaves.staff_id": _OF_STAFF,
        "leaves.decided_by": _OF_STAFF,
        "leaves.reason_sealed": _OF_STAFF,
        "leaves.word_sealed": _OF_STAFF,
        "marshal_conditions.conditions": Kept("what an area says of all marshals"),
    }
)
