"""The code that a clerk gave after looking at the original paper: it brings this person's turns into the chat."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Done, Go, Option, Question, Reading, Taken, Unclear
from bot.flows.transfers.wording import MY_APPOINTMENTS, MY_WORD, eight_digits, tried_often
from desk.language.text import lines, words
from desk.transfers import chat as transfers

_ = words("transfer")

WRITE_IT = _("This code has eight digits. Please look once more.")


@dataclass(slots=True)
class CounterCodeDraft:
    code: str = ""


CounterCodeTalk = Talk[CounterCodeDraft]

flow = Flow("counter_code", draft=CounterCodeDraft, is_private=True)


@flow.step(asks="code")
def code(talk: CounterCodeTalk) -> Question:
    until = transfers.rests_until(talk.desk)
    if until is not None:
        return Question(
            tried_often(until),
            options=(Option("ask", _("💬 Ask the desk"), then=Go("ask")),),
        )
    return Question(
        lines(_("Please write the eight digits that the clerk gave you."), _("They hold for fifteen minutes.")),
        reads=_read,
        reads_first=True,
        hint=WRITE_IT,
    )


@flow.finish
def done(talk: CounterCodeTalk) -> Done:
    transfers.redeem(talk.desk, talk.draft.code)
    return Done(
        lines(
            _("✅ Your turns are here now. The tickets come again."),
            _("Complaints do not come that way. Write the code of each under «🔎 Follow up»."),
            _("Choose a new secret word for this chat."),
        ),
        links=(MY_APPOINTMENTS, MY_WORD),
    )


def _read(typed: str) -> Reading:
    digits = eight_digits(typed)
    if digits is None:
        return Unclear(WRITE_IT) if any(map(str.isdigit, typed)) else None
    return Taken({"code": digits})
