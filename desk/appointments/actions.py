"""All that can be done to a turn: book it, move it, cancel it, and let the unrecorded ones of past days go."""

from __future__ import annotations

from desk.appointments.booking import Booked, book
from desk.appointments.changes import Cancelled, Moved, cancel, cancel_by_office, lapse, move, move_by_office

__all__ = ["Booked", "Cancelled", "Moved", "book", "cancel", "cancel_by_office", "lapse", "move", "move_by_office"]
