"""What the question after a visit says of the visit, and the lasting buttons of its message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.dialogue.questions import Go
from bot.flows import wording
from desk.afterwards.rules import Clash
from desk.language.text import Near, Param, Text, lines, words
from desk.values import LocalDay

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desk.appointments.rows import AppointmentRow

_ = words("after a visit")

ALL_WELL: Final = _("✅ All was well")
NOT_ALL: Final = _("Something was not good")
NO_WISH: Final = _("I don't want to say")
WELL, ASK, WAVE = "well", "ask", "wave"
"""What the buttons of the message say, in its argument."""
ONLY_COUNTED: Final = _("We only count it: nobody sees who answered.")
OVER: Final = _("This question is answered already.")
TOO_LATE: Final = _("That was more than a week ago, so we no longer ask.")

WHAT: Final[Mapping[Clash, Text]] = {
    Clash.OVERCHARGED: _("more than the approved fee"),
    Clash.COPY: _("a copy was demanded"),
    Clash.DISRESPECT: _("no respect"),
    Clash.NO_RECEIPT: _("no receipt"),
    Clash.RECORDED_OTHERWISE: _("another sum or receipt is recorded"),
    Clash.NOT_SERVED: _("recorded as done"),
    Clash.UNMARKED: _("an incomplete receipt"),
}
"""What is not as it should be."""
CATEGORY: Final[Mapping[Clash, str]] = {
    Clash.OVERCHARGED: "OVERCHARGE",
    Clash.COPY: "COPY_DEMAND",
    Clash.DISRESPECT: "DISRESPECT",
    Clash.NO_RECEIPT: "NO_RECEIPT",
    Clash.RECORDED_OTHERWISE: "OVERCHARGE",
    Clash.NOT_SERVED: "NO_DATE",
    Clash.UNMARKED: "BAD_RECEIPT",
}
"""The kind of complaint about each. Who was recorded as served and was not went home without a date. A complaint about
money shows what was paid beside the fee."""
COMPLAIN: Final[Mapping[Clash, Text]] = {
    Clash.OVERCHARGED: _("📣 About the money"),
    Clash.COPY: _("📣 About the copy"),
    Clash.DISRESPECT: _("📣 About the disrespect"),
    Clash.NO_RECEIPT: _("📣 About the receipt"),
    Clash.RECORDED_OTHERWISE: _("📣 About the record"),
    Clash.NOT_SERVED: _("📣 It was not done"),
    Clash.UNMARKED: _("📣 About the receipt"),
}
"""The button to each ready complaint."""


def to(appointment: AppointmentRow, wish: str) -> Go:
    """A lasting button; the visit is looked up again when it is pressed."""
    return Go("after", f"{appointment.id}.{wish}")


def visit(appointment: AppointmentRow) -> Param:
    """Whose visit it was, for what, when and where."""
    return lines(
        _("👤 {person}", person=appointment.person_name or ""),
        appointment.service.title,
        _("🗓 {day}", day=Near(LocalDay(appointment.day))),
        wording.where(appointment.office),
    )


def not_as_it_should_be(found: Sequence[Clash]) -> Param:
    """The gravest of what a complaint can be about; the others stand on their buttons."""
    return _("Not as it should be: {what}.", what=WHAT[found[0]])
