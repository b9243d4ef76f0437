"""«That was not me»: the earlier chat stops what went over from it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Done, Go, Meaning, Option, Question, Skip
from bot.dialogue.says import ButtonStyle
from bot.flows import links
from bot.flows.transfers.wording import MY_APPOINTMENTS, MY_WORD
from desk.language.text import lines, paragraphs, words
from desk.transfers import chat as transfers
from desk.transfers.rules import KeptOfTwo
from desk.values import LocalMoment

_ = words("transfer")


@dataclass(slots=True)
class StopDraft:
    transfer: int = 0
    keep: str = ""
    """Which of two appointments for the same stays; `ONE_EACH` where there are none."""


ONE_EACH = "one each"
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


@flow.step(asks="keep")
def which(talk: StopTalk) -> Question | Skip:
    """Who was locked out may have booked again meanwhile; what took weeks to get is not given back unasked."""
    twice = [each for each in transfers.twice(talk.desk, talk.draft.transfer) if each.is_asked]
    if not twice:
        return Skip({"keep": ONE_EACH})
    return Question(
        paragraphs(
            lines(
                _("Meanwhile you have got a new turn for the same."),
                _("One person has one turn for a service. Which shall stay?"),
                _("The other is cancelled."),
            ),
            *(
                lines(
                    _(
                        "**{service}**, {person}",
                        service=each.before.service.title,
                        person=each.before.person_name or "",
                    ),
                    _("Earlier: {when}", when=LocalMoment(each.before.starts_at, each.before.zone)),
                    _("New: {when}", when=LocalMoment(each.since.starts_at, each.since.zone)),
                )
                for each in twice
            ),
        ),
        options=(
            Option("before", _("Keep the earlier"), sets={"keep": KeptOfTwo.BEFORE.value}),
            Option("since", _("Keep the new"), sets={"keep": KeptOfTwo.SINCE.value}),
        ),
    )


@flow.finish
def done(talk: StopTalk) -> Done:
    said = talk.draft.keep
    keep = None if said == ONE_EACH else KeptOfTwo(said)
    two = transfers.twice(talk.desk, talk.draft.transfer)
    transfers.stop(talk.desk, talk.draft.transfer, keep=keep)
    if all(each.is_asked for each in two):
        ended = _("The other turn is cancelled. It does not count against you.")
    else:  # they may have arrived since they were asked
        ended = _("You have arrived with the new turn, so it stays. The earlier one is cancelled.")
    return Done(
        lines(
            _("✅ Your turns are here again."),
            ended if two else None,
            _("Somebody knows your secret word. It counts no more; choose another one."),
        ),
        links=(MY_APPOINTMENTS, MY_WORD),
    )
