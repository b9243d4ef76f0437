"""The actions on an appointment, re-exported: book, move, cancel, and lapse those of past days that nobody recorded."""

from __future__ import annotations

from desk.appointments.booking import Booked, book
from desk.appointments.ending import cancel, cancel_by_office, lapse
from desk.appointments.moving import Moved, move, move_by_office

__all__ = ["Booked", "Moved", "book", "cancel", "cancel_by_office", "lapse", "move", "move_by_office"]
