"""The sentences about somebody in the line, which a screen and several messages say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.language.text import Param, Reference, lines, paragraphs, words
from desk.line.rules import EntryState

if TYPE_CHECKING:
    from desk.appointments.rows import AppointmentRow
    from desk.line.chat import InTheLine, Load

_ = words("line")

MY_PLACE = _("⏳ My place in line")
WAIT_HERE = lines(
    _("Wait here; the marshal calls your number."),
    _("You need not go to any room."),
)


def standing(found: InTheLine) -> Param:
    """The number, and where they are in the line now."""
    return paragraphs(number(found), _now(found))


def number(found: InTheLine) -> Param:
    """What is called."""
    return _("🔢 Your number: **{number}**", number=Reference(found.call_number))


def before(found: InTheLine) -> Param:
    """How many are called before, and in how many minutes they are called."""
    place = found.place or 1
    return lines(
        _("⏳ Before you: nobody") if place == 1 else _("⏳ Before you: {n} people", n=place - 1),
        _("🕘 About {n} minutes", n=found.minutes) if found.minutes else None,
    )


def go_to(found: InTheLine) -> Param:
    """Which counter calls them."""
    return _(
        "📢 **Number {number}: counter {counter}**", number=Reference(found.call_number), counter=found.counter or 0
    )


def load(found: Load | None, appointment: AppointmentRow) -> Param:
    """How many wait at the office, for somebody who is not there yet."""
    if found is None:
        return lines(_("You are not in the line of the office now."), _("When you arrive, say your name at the door."))
    if not found.waiting:
        return lines(_("⏳ Nobody waits at the office now."), _("Come at the time of your turn."))
    return paragraphs(
        lines(
            _("⏳ {n} people wait at the office now.", n=found.waiting),
            _("🕘 The last of them: about {n} minutes", n=found.minutes) if found.minutes else None,
        ),
        lines(
            _("Come at the time of your turn; you are called in its quarter of an hour."),
            _("If you are late, the turn is not lost."),
        ),
    )


def _now(found: InTheLine) -> Param:
    match found.state:
        case EntryState.HERE:
            return paragraphs(before(found), WAIT_HERE)
        case EntryState.CALLED:
            return lines(go_to(found), _("Please go there now."))
        case EntryState.IN_SERVICE:
            return _("You are at counter {counter} now.", counter=found.counter or 0)
        case EntryState.HELD:
            return _("The office keeps your place. When you are back, tell the marshal.")
        case EntryState.LEFT:
            return _("You are not in the line now. If you are at the office, tell the marshal.")
        case EntryState.DONE:
            return _("Your visit of today is over.")
