"""What is said of two appointments of linked papers, and the buttons of the question which stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.dialogue.questions import Go
from bot.flows import wording
from desk.language.text import Param, lines, words
from desk.linked_papers.rules import ChoiceState
from desk.values import LocalMoment

if TYPE_CHECKING:
    from datetime import datetime

    from desk.appointments.rows import AppointmentRow
    from desk.linked_papers.rows import WhichStays

_ = words("linked papers")

KEEP_FIRST: Final = _("Keep the first")
KEEP_SECOND: Final = _("Keep the second")
GIVE_BACK: Final = _("Give this back")
TWO_PEOPLE: Final = (_("👥 They are two people"), Go("ask"))
"""Stands where something is taken away because of a link: a clerk may have been mistaken, which the desk mends."""
MY_APPOINTMENTS: Final = (_("🎫 My turns"), Go("turns"))


def to_keep(question: WhichStays, *, keep: int) -> Go:
    """A lasting button of the question, which lets this one of the two stay."""
    return Go("which_stays", f"{question.id}.{keep}")


def to_give_back(question: WhichStays) -> Go:
    """A lasting button that gives back the one that the chat has; it does not name that of another chat, whose number
    would tell when it was booked."""
    return to_keep(question, keep=0)


def over(question: WhichStays, *, now: datetime) -> Param:
    """That there is nothing to decide any more; both may be there still, where the papers are linked no more."""
    if question.state is ChoiceState.OVER and all(each.is_ahead(now=now) for each in question.mine):
        return _("Nothing has to be chosen any more: your turn stays.")
    return _("That is settled: one of these turns is over.")


def when_where(appointment: AppointmentRow) -> Param:
    """Whose it is, when and where."""
    return lines(
        _("👤 {person}", person=appointment.person_name or ""),
        _("🕘 **{when}**", when=LocalMoment(appointment.starts_at, appointment.zone)),
        wording.where(appointment.office),
    )
