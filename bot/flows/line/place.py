"""The place in the line: how many are called before, the number, the expected time, and the rule of the line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Go, Meaning, Option, Question, Skip
from bot.flows import links
from bot.flows.line import wording
from desk.appointments import chat as appointments
from desk.language.text import lines, words
from desk.line import chat as line

if TYPE_CHECKING:
    from desk.appointments.rows import AppointmentRow

_ = words("line")


@dataclass(slots=True)
class PlaceDraft:
    appointment: int = 0
    wants_rule: bool = False


PlaceTalk = Talk[PlaceDraft]

flow = Flow("line", draft=PlaceDraft)


def link(appointment: AppointmentRow) -> Go:
    """The lasting button that leads here from a message."""
    return Go("line", str(appointment.id))


@flow.enter
def of_an_appointment(talk: PlaceTalk, number: str) -> Go | None:
    """The id of an appointment of this chat."""
    appointment = appointments.own(talk.desk, links.id_in(number))
    if appointment is None:
        return Go("turns")
    talk.draft.appointment = appointment.id
    return None


@flow.step
def place(talk: PlaceTalk) -> Question | Skip:
    appointment = _mine(talk)
    if talk.draft.wants_rule:
        return Skip()
    found = line.in_the_line(talk.desk, appointment)
    if found is not None:
        says = wording.standing(found)
    else:
        says = wording.load(line.load_now(talk.desk, appointment), appointment)
    return Question(
        says,
        options=(
            Option("again", _("🔄 Look again"), then=place, sets={"wants_rule": False}),
            Option("rule", _("📋 The rule of the line"), sets={"wants_rule": True}),
            Option("ticket", _("🎫 This turn"), then=Go("turns", f"show.{appointment.id}")),
        ),
    )


@flow.step
def rule(talk: PlaceTalk) -> Question:
    """The stated order, with the numbers of this office."""
    numbers = line.rules(talk.desk, _mine(talk))
    return Question(
        lines(
            _("**The rule of the line**"),
            _("🗓 With a turn: in the quarter of an hour of the turn, who came first is first."),
            _(
                "🔢 Without a turn, or {late} minutes late: by number; after {n} minutes like with a turn.",
                late=numbers.late_after,
                n=numbers.walk_in_counts_after,
            ),
            _("👤 Old or ill people, mothers: one of {n} calls.", n=numbers.priority_every),
        ),
        options=(Option("back", wording.MY_PLACE, then=place, sets={"wants_rule": False}, means=Meaning.YES),),
    )


def _mine(talk: PlaceTalk) -> AppointmentRow:
    found = appointments.own(talk.desk, talk.draft.appointment)
    if found is None:
        raise LookupError(f"no appointment {talk.draft.appointment} in this chat")
    return found
