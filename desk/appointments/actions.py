"""The actions on an appointment, re-exported: book, move, cancel, correct its name, and lapse those nobody recorded."""

from __future__ import annotations

from desk.appointments.booking import Booked, book
from desk.appointments.ending import cancel, cancel_by_office, give_up, lapse, let_go
from desk.appointments.giving_back import cancel_together
from desk.appointments.households import Member, book_together
from desk.appointments.moving import Moved, move, move_by_office
from desk.appointments.naming import correct_name, correct_name_of

__all__ = [
    "Booked",
    "Member",
    "Moved",
    "book",
    "book_together",
    "cancel",
    "cancel_by_office",
    "cancel_together",
    "correct_name",
    "correct_name_of",
    "give_up",
    "lapse",
    "let_go",
    "move",
    "move_by_office",
]
