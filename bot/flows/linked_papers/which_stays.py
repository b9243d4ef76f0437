"""Of two appointments of one person for one service: which stays, and the other is given back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Done, Go, Meaning, Option, Question
from bot.dialogue.says import ButtonStyle
from bot.flows import links
from bot.flows.linked_papers.saying import MY_APPOINTMENTS, over, to_keep, when_where
from desk.language.text import lines, paragraphs, words
from desk.linked_papers import chat as linked_papers
from desk.linked_papers.refusals import ChoiceOver, NotYourChoice

if TYPE_CHECKING:
    from desk.appointments.rows import AppointmentRow
    from desk.linked_papers.rows import WhichStays

_ = words("linked papers")


@dataclass(slots=True)
class WhichDraft:
    choice: int = 0
    keep: int = 0
    """The appointment that stays; the other one, of this chat, is given back."""


WhichTalk = Talk[WhichDraft]

flow = Flow("which_stays", draft=WhichDraft)


@flow.enter
def of_a_question(talk: WhichTalk, arg: str) -> Go | None:
    """The ids of the question and of the one that stays, 0 = that of another chat; both lead to what this one has."""
    choice, _dot, keep = arg.partition(".")
    question = linked_papers.which_stays(talk.desk, links.id_in(choice))
    kept = links.id_in(keep) or (question.elsewhere if question is not None else None) or 0
    if question is None or _given_back(question, kept) is None:
        return Go("turns")
    talk.draft.choice, talk.draft.keep = question.id, kept
    return None


@flow.step
def surely(talk: WhichTalk) -> Question | Go:
    """What is given back goes to others, so it is read back once."""
    question = linked_papers.which_stays(talk.desk, talk.draft.choice)
    given_back = _given_back(question, talk.draft.keep) if question is not None else None
    if question is None or given_back is None:
        return Go("turns")
    if not question.is_open:
        return Question(
            over(question, now=talk.desk.now), options=(Option("turns", MY_APPOINTMENTS[0], then=MY_APPOINTMENTS[1]),)
        )
    stays = next((each for each in question.mine if each.id == talk.draft.keep), None)
    options = [
        Option("yes", _("Yes, so it is good"), style=ButtonStyle.CONFIRM, means=Meaning.YES),
        Option("no", _("No, not yet"), then=Go("turns"), means=Meaning.NO),
    ]
    if stays is not None:
        options.insert(1, Option("other", _("Keep the other"), then=to_keep(question, keep=given_back.id)))
    return Question(
        paragraphs(
            _("**{service}**", service=given_back.service.title),
            lines(_("✅ Stays:"), when_where(stays)) if stays is not None else None,
            lines(_("⛔ Is given back:"), when_where(given_back)),
            _("Shall we do so?"),
        ),
        options=tuple(options),
    )


@flow.finish
def done(talk: WhichTalk) -> Done:
    question = linked_papers.which_stays(talk.desk, talk.draft.choice)
    if question is None:
        raise NotYourChoice(choice_id=talk.draft.choice)
    try:
        linked_papers.keep(talk.desk, question, appointment_id=talk.draft.keep)
    except ChoiceOver:
        return Done(over(question, now=talk.desk.now), links=(MY_APPOINTMENTS,))
    return Done(
        lines(_("✅ That turn is given back."), _("It does not count against you.")),
        links=(MY_APPOINTMENTS,),
    )


def _given_back(question: WhichStays, kept: int) -> AppointmentRow | None:
    """The one that is given back where this one stays, if it is this chat's."""
    if kept not in (question.earlier_id, question.later_id):
        return None
    other = question.other_than(kept)
    return next((each for each in question.mine if each.id == other), None)
