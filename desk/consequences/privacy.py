"""What lists of affected appointments hold of people: nothing by themselves; they refer to appointments."""

from __future__ import annotations

from desk.parts import Kept, Privacy

_OF_STAFF = Kept("who of the staff did it")
_OF_THE_CHANGE = Kept("what the office changed, and why, in words for everybody who was hit")

PRIVACY = Privacy(
    columns={
        "changes.idem_key": Kept("of the page on which staff confirmed the change"),
        "changes.subject": _OF_THE_CHANGE,
        "changes.detail": _OF_THE_CHANGE,
        "changes.reason": _OF_THE_CHANGE,
        "changes.staff_id": _OF_STAFF,
        "changed_turns.message_key": Kept("names a message that is deleted, and the appointment"),
        "changed_turns.told_by": _OF_STAFF,
    }
)
