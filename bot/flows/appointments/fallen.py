"""What is said of an appointment that fell, because somebody else showed the paper with its number; and the way on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.dialogue.questions import Go
from desk.language.text import Param, lines, words

if TYPE_CHECKING:
    from desk.appointments.rows import AppointmentRow

_ = words("notice")

ANOTHER_ONE = _("🗓 Another turn")
ASK = _("💬 Ask the desk")


def why() -> Param:
    """Why it fell, and what the person can do."""
    return lines(
        _("Somebody showed the original paper with this number at an office."),
        _("Was the number mistyped? Get a new turn with the right one."),
        _("Is the paper yours? Go to the office with it, or ask the desk."),
    )


def another(appointment: AppointmentRow) -> Go:
    """Booking another at the same office: nothing is offered like last time, and the number is asked for again."""
    return Go("book", f"at.{appointment.service.id}.{appointment.office.id}")
