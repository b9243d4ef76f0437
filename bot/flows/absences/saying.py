"""What is said of an absence, and the lasting buttons by which somebody answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.dialogue.questions import Go
from bot.dialogue.says import Button
from bot.flows import wording
from desk.absences.rules import UpheldWhy
from desk.language.text import Param, Text, lines, words
from desk.values import LocalMoment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk.appointments.rows import AppointmentRow

_ = words("absence")

THERE: Final = _("✋ I was there")
AWAY: Final = _("I could not come")
ANOTHER: Final = _("🗓 Another turn")
COMPLAIN: Final = _("📣 Complain")
ASK: Final = _("💬 Ask the desk")
SAID: Final = _("You have said that you were there; our answer comes here.")

UPHELD: Final[Mapping[UpheldWhy, Text]] = {
    UpheldWhy.NOT_SEEN: _("nobody at the office saw you, and no arrival is written down"),
    UpheldWhy.ANOTHER_DAY: _("you came on another day"),
    UpheldWhy.AFTER_CLOSING: _("you came after the office had closed"),
    UpheldWhy.ANOTHER_OFFICE: _("you were at another office"),
}
"""Why an absence stands, after «Reason:»."""


def there(appointment: AppointmentRow) -> Go:
    """A lasting button: the person was there."""
    return Go("absence", f"there.{appointment.id}")


def away(appointment: AppointmentRow) -> Go:
    """A lasting button: the person could not come."""
    return Go("absence", f"away.{appointment.id}")


def another(appointment: AppointmentRow) -> Go:
    """Another appointment for the same service."""
    return Go("book", f"service.{appointment.service.id}")


def complain(appointment: AppointmentRow) -> Go:
    """A complaint that the appointment was not kept by the office."""
    return Go("complain", f"TURN_REFUSED.{appointment.id}")


def button(label: Text, to: Go) -> tuple[Button, ...]:
    """A row with one lasting button."""
    return (Button(label, to.data),)


def visit(appointment: AppointmentRow) -> Param:
    """Which visit it is: service, time and office."""
    return lines(
        appointment.service.title,
        _("🕘 {when}", when=LocalMoment(appointment.starts_at, appointment.zone)),
        wording.where(appointment.office),
    )


def person(appointment: AppointmentRow) -> str:
    """Whose visit it is; empty after erasure."""
    return appointment.person_name or ""
