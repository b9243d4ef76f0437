"""Types the code that the other chat shows, reads what follows from it, and connects the two."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Done, Go, Meaning, Option, Question, Reading, Skip, Taken, Unclear
from bot.dialogue.says import ButtonStyle
from bot.flows.other_chats.wording import MY_OTHER_CHAT, WHAT_FOR, from_when, together
from bot.flows.transfers.wording import eight_digits, tried_often
from desk.language import labels
from desk.language.text import lines, paragraphs, words
from desk.other_chats import chat as other_chats
from desk.transfers import chat as transfers

_ = words("other chat")

WRITE_IT = _("This code has eight digits. Please look once more.")
NOT_FOUND = lines(
    _("I don't find this code, or its time is over."),
    _("It is written in another chat than the one that shows it."),
)


@dataclass(slots=True)
class OtherCodeDraft:
    code: str = ""
    messenger: str = ""
    """That of the chat that was found to show this code; only `other_chats.look_up` says so."""
    agrees: bool = False


OtherCodeTalk = Talk[OtherCodeDraft]

flow = Flow("other_chat_code", draft=OtherCodeDraft, is_private=True)


@flow.step(asks="code")
def code(talk: OtherCodeTalk) -> Question | Skip:
    if other_chats.other(talk.desk) is not None:
        return Skip(then=Go("other_chat"))
    until = transfers.rests_until(talk.desk)
    if until is not None:
        return Question(tried_often(until), options=(Option("ask", _("💬 Ask the desk"), then=Go("ask")),))
    return Question(
        lines(_("Please write the eight digits that your other chat shows."), _("Write only a code of your own chat.")),
        reads=lambda typed: _read(talk, typed),
        reads_first=True,
        hint=WRITE_IT,
    )


@flow.step(asks="agrees")
def agree(talk: OtherCodeTalk) -> Question:
    return Question(
        paragraphs(
            lines(
                _(
                    "🔗 A chat in {messenger} shows this code. Is it yours too?",
                    messenger=labels.messenger(talk.draft.messenger),
                ),
                WHAT_FOR,
                _("Turns and answers to complaints are read there then, by whoever has that phone."),
            ),
            _("Did somebody send you the code? Then press «No»."),
        ),
        options=(
            Option("yes", _("✅ Yes, connect"), sets={"agrees": True}, style=ButtonStyle.CONFIRM, means=Meaning.YES),
            Option("no", _("No"), then=Go("menu"), means=Meaning.NO),
        ),
    )


@flow.finish
def done(talk: OtherCodeTalk) -> Done:
    other = other_chats.connect(talk.desk, talk.draft.code)
    return Done(
        lines(
            together(other),
            from_when(other, now=talk.now),
            _("Both chats are told. Each can cut it at any time."),
        ),
        links=(MY_OTHER_CHAT,),
    )


def _read(talk: OtherCodeTalk, typed: str) -> Reading:
    digits = eight_digits(typed)
    if digits is None:
        return Unclear(WRITE_IT) if any(map(str.isdigit, typed)) else None
    messenger = other_chats.look_up(talk.desk, digits)
    if messenger is not None:
        return Taken({"code": digits, "messenger": messenger})
    until = transfers.rests_until(talk.desk)
    return Unclear(NOT_FOUND if until is None else tried_often(until))
