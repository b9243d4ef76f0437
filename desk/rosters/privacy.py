"""What rosters hold of people: who of the staff is off duty on which day, and no reason."""

from __future__ import annotations

from desk.parts import Kept, Privacy

PRIVACY = Privacy(
    columns={
        "duty_days_off.staff_id": Kept("who of the staff is not on duty that day; no reason is kept"),
        "marshal_conditions.conditions": Kept("what an area says of all marshals"),
    }
)
