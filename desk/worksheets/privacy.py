"""What worksheets hold of people: who of the staff stated and decided them."""

from __future__ import annotations

from desk.parts import Kept, Privacy

_OF_STAFF = Kept("who of the staff did it")
_OF_THE_OFFICE = Kept("what staff say of the hours of an office; the form asks to name no applicant")

PRIVACY = Privacy(
    columns={
        "worksheets.stated_by": _OF_STAFF,
        "worksheets.decided_by": _OF_STAFF,
        "worksheets.week": _OF_THE_OFFICE,
        "worksheets.note": _OF_THE_OFFICE,
        "worksheets.reason": _OF_THE_OFFICE,
    }
)
