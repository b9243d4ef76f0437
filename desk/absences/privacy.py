"""What absences hold of people: which appointments, which name nobody once they are erased, and who of the staff."""

from __future__ import annotations

from desk.parts import Kept, Privacy

_OF_STAFF = Kept("who of the staff recorded or decided it")

PRIVACY = Privacy(
    columns={
        "absences.appointment_id": Kept("an appointment, which names nobody any more"),
        "absences.recorded_by": _OF_STAFF,
        "absences.decided_by": _OF_STAFF,
        "absences.why": Kept("a choice out of four, which says nothing of a person"),
    }
)
