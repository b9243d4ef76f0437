"""The person answers to a recorded absence: one press, after which a second person decides or nothing more happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Done, Go, Option, Question
from bot.flows import links
from bot.flows.absences.saying import (
    ANOTHER,
    ASK,
    AWAY,
    COMPLAIN,
    SAID,
    THERE,
    UPHELD,
    another,
    complain,
    person,
    visit,
)
from desk.absences import chat as absences
from desk.absences.refusals import AbsenceSettled, NoAbsence
from desk.absences.rules import AbsenceState, may_object
from desk.appointments import chat as appointments
from desk.language.text import Param, lines, paragraphs, words
from desk.values import LocalMoment

if TYPE_CHECKING:
    from desk.absences.rows import LastAbsence
    from desk.appointments.rows import AppointmentRow

_ = words("absence")

WISHES = ("there", "away")


@dataclass(slots=True)
class AbsenceDraft:
    appointment: int = 0
    wish: str = ""
    """What the person says: there, or away."""


AbsenceTalk = Talk[AbsenceDraft]

flow = Flow("absence", draft=AbsenceDraft)


@flow.enter
def of_a_visit(talk: AbsenceTalk, arg: str) -> Go | None:
    """What is said, a dot and the appointment's id; without a recorded absence it leads to the appointments."""
    wish, _dot, number = arg.partition(".")
    appointment = appointments.own(talk.desk, links.id_in(number))
    if appointment is None or absences.last(talk.desk, appointment) is None:
        return Go("turns")
    talk.draft.appointment = appointment.id
    talk.draft.wish = wish if wish in WISHES else ""
    return None


@flow.step(unless=lambda draft: bool(draft.wish))
def what(talk: AbsenceTalk) -> Question:
    """What is written, and what can be said to it now."""
    mine, last = _mine(talk)
    ask = Option("ask", ASK, then=Go("ask"))
    if not may_object(last.state, last.recorded_at, now=talk.desk.now):
        return Question(
            paragraphs(visit(mine), _settled(last)), options=(Option("another", ANOTHER, then=another(mine)), ask)
        )
    return Question(
        paragraphs(_("The office has written: {person} did not come.", person=person(mine)), visit(mine)),
        options=(
            Option("there", THERE, sets={"wish": "there"}),
            Option("away", AWAY, sets={"wish": "away"}),
            ask,
        ),
    )


@flow.finish
def done(talk: AbsenceTalk) -> Done:
    mine, _last = _mine(talk)
    try:
        if talk.draft.wish == "away":
            absences.say_away(talk.desk, mine.id)
            return Done(
                lines(
                    _("Thank you for telling us."),
                    _("You can get another turn whenever you like; it is free."),
                ),
                links=((ANOTHER, another(mine)),),
            )
        until = absences.say_there(talk.desk, mine.id)
    except AbsenceSettled:
        _appointment, last = _mine(talk)
        return Done(paragraphs(visit(mine), _settled(last)), links=_ways(mine, last))
    return Done(
        paragraphs(
            _("✅ It is noted: {person} was there.", person=person(mine)),
            lines(
                _("Somebody else than the clerk who wrote it decides."),
                _("⏳ Our answer comes here by {day}.", day=LocalMoment(until, mine.zone).day),
            ),
        )
    )


def _mine(talk: AbsenceTalk) -> tuple[AppointmentRow, LastAbsence]:
    found = appointments.own(talk.desk, talk.draft.appointment)
    last = absences.last(talk.desk, found) if found is not None else None
    if found is None or last is None:
        raise NoAbsence(talk.draft.appointment)
    return found, last


def _ways(mine: AppointmentRow, last: LastAbsence) -> tuple[tuple[Param, Go], ...]:
    if last.state is AbsenceState.UPHELD:
        return (ANOTHER, another(mine)), (COMPLAIN, complain(mine))
    return ((ANOTHER, another(mine)),)


def _settled(last: LastAbsence) -> Param:
    """Why nothing more can be said to it."""
    match last.state:
        case AbsenceState.OBJECTED:
            return SAID
        case AbsenceState.OVERTURNED:
            return _("It is decided: this does not count as an absence.")
        case AbsenceState.UPHELD if last.why is not None:
            return lines(_("It is decided: the record of the office stays."), _("Reason: {why}", why=UPHELD[last.why]))
        case AbsenceState.UNDONE:
            return _("The office has taken this record back.")
        case _:
            return _("That is more than thirty days ago. The desk reads what you write.")
