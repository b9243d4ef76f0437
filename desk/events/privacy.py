"""What the log holds of people: nothing. It names members of the staff, and the rows they touched by id."""

from __future__ import annotations

from desk.parts import Kept, Privacy

_IDS = Kept("ids, and values that staff chose from lists")

PRIVACY = Privacy(
    columns={
        "audit_entries.staff_id": Kept("who of the staff did it: what the log is there for"),
        "audit_entries.action": _IDS,
        "audit_entries.subject": _IDS,
        "audit_entries.detail": _IDS,
    }
)
