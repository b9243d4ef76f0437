"""«That was not me»: the earlier chat stops what went over from it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Done, Go, Meaning, Option, Question
from bot.dialogue.says import ButtonStyle
from bot.flows import links
from bot.flows.transfers.wording import MY_APPOINTMENTS, MY_WORD
from desk.language.text import lines, words
from desk.transfers import chat as transfers

_ = words("transfer")


@dataclass(slots=True)
class StopDraft:
    transfer: int = 0


StopTalk = Talk[StopDraft]

flow = Flow("stop_transfer", draft=StopDraft)


@flow.enter
def from_the_notice(talk: StopTalk, arg: str) -> None:
    talk.draft.transfer = links.id_in(arg)


@flow.step
def surely(talk: StopTalk) -> Question:
    return Question(
        lines(
            _("Did somebody else take your turns?"),
            _("Then all that is still there comes back here at once."),
            _("The secret word of before counts no more."),
        ),
        options=(
            Option("yes", _("It was not me"), style=ButtonStyle.DANGER, means=Meaning.YES),
            Option("no", _("It was me"), then=Go("menu"), means=Meaning.NO),
        ),
    )


@flow.finish
def done(talk: StopTalk) -> Done:
    transfers.stop(talk.desk, talk.draft.transfer)
    return Done(
        lines(
            _("✅ Your turns are here again."),
            _("Somebody knows your secret word. It counts no more; choose another one."),
        ),
        links=(MY_APPOINTMENTS, MY_WORD),
    )
