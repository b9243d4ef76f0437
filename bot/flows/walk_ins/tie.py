"""Ties the appointment of a printed slip to this chat: it shows what it is and not whose, and one press takes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Done, Go, Meaning, Option, Question
from bot.dialogue.says import ButtonStyle
from bot.flows import wording
from bot.flows.tables import Links
from desk.language.text import Param, lines, paragraphs, words
from desk.walk_ins import chat as walk_ins
from desk.walk_ins.refusals import SlipTiesNothing
from desk.walk_ins.rules import SlipState

if TYPE_CHECKING:
    from desk.walk_ins.rows import OpenSlip

_ = words("slip")

MY_APPOINTMENTS: Final = (_("🎫 My turns"), Go("turns"))
ASK: Final = (_("💬 Ask the desk"), Go("ask"))
AT_THE_OFFICE: Final = _("If you think it is yours, show your original paper at the office.")


@dataclass(slots=True)
class TieDraft:
    mark: str = ""
    """The hash of the slip that was scanned, never what stands on it."""
    state: str = ""


TieTalk = Talk[TieDraft]

flow = Flow("tie", draft=TieDraft, is_private=True)

LINKS: Final[Links] = {"tie": lambda secret: Go("tie", secret)}
"""`tie_<secret>`, as on a slip."""


@flow.enter
def of_a_slip(talk: TieTalk, arg: str) -> None:
    """The secret of a slip; what it ties is found once, and only its hash is remembered."""
    found = walk_ins.scanned(talk.desk, arg)
    if found is not None:
        talk.draft.mark, talk.draft.state = found.mark, found.state


@flow.step
def mine(talk: TieTalk) -> Question:
    """What the appointment is, without its person; or why the slip ties nothing."""
    if talk.draft.state == SlipState.OWN:
        return Question(
            _("✅ This turn is in your chat already."),
            options=(Option("turns", MY_APPOINTMENTS[0], then=MY_APPOINTMENTS[1]),),
            has_back=False,
        )
    found = walk_ins.by_mark(talk.desk, talk.draft.mark) if talk.draft.state == SlipState.OPEN else None
    if found is None:
        return Question(_why_not(talk.draft.state), options=(Option("ask", ASK[0], then=ASK[1]),), has_back=False)
    row = found.appointment
    return Question(
        paragraphs(
            _("Is this your turn?"),
            _number(found) or lines(_("Code:"), row.code),
            lines(row.service.title, wording.when_where(row, today=talk.desk.today)),
            _("Take it only if you got this slip for yourself or your family."),
        ),
        options=(
            Option("yes", _("✅ Yes, it is mine"), style=ButtonStyle.CONFIRM, means=Meaning.YES),
            Option("no", _("No, not mine"), then=Go("menu"), means=Meaning.NO),
        ),
        has_back=False,
    )


@flow.finish
def done(talk: TieTalk) -> Done:
    found = walk_ins.by_mark(talk.desk, talk.draft.mark)
    try:
        walk_ins.tie(talk.desk, talk.draft.mark)
    except SlipTiesNothing as refusal:
        return Done(_why_not(refusal.state), links=(ASK,))
    return Done(
        lines(
            _("✅ This turn is in your chat now."),
            _number(found) if found is not None else None,
            _("The ticket comes in a moment."),
        ),
        links=(MY_APPOINTMENTS,),
    )


def _number(found: OpenSlip) -> Param | None:
    """The number by which its person is called; None = they have not come."""
    return _("🔢 Number **{number}**", number=int(found.number)) if found.number else None


def _why_not(state: str) -> Param:
    match state:
        case SlipState.TIED | SlipState.OPEN:
            return lines(_("This slip was used already: the turn is in another chat."), AT_THE_OFFICE)
        case SlipState.UNDONE:
            return lines(
                _("This slip works no more: the office took the turn out of a chat."),
                _("Ask for a new slip at the office, with your original paper."),
            )
        case SlipState.OVER:
            return lines(_("This slip works no more: its turn is over."), _("You can take a new turn here."))
        case _:
            return lines(
                _("I don't find this slip. Perhaps a newer one was printed."),
                _("Ask at the office where you got it."),
            )
