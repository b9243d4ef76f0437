"""The other chat of the person: a code to type there, and cutting the connection."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Done, Go, Meaning, Option, Question, Skip
from bot.dialogue.says import ButtonStyle
from bot.dialogue.steps import Step
from bot.flows.other_chats.wording import CUT, WHAT_FOR, from_when, never_begins, together
from desk.language.text import Reference, lines, paragraphs, words
from desk.other_chats import chat as other_chats
from desk.values import LocalMoment

_ = words("other chat")


@dataclass(slots=True)
class OtherChatDraft:
    does: str = ""


ANEW = "anew"
OtherChatTalk = Talk[OtherChatDraft]

flow = Flow("other_chat", draft=OtherChatDraft)


@flow.enter
def cuts_or_not(talk: OtherChatTalk, arg: str) -> Step[OtherChatTalk] | None:
    return surely if arg == "cut" else None


@flow.step(asks="does")
def other(talk: OtherChatTalk) -> Question:
    has = other_chats.other(talk.desk)
    if has is not None and has.never_begins:
        return Question(
            lines(
                never_begins(has),
                _("The chat that showed the code was not reached; perhaps it has blocked us."),
                _("Open it again, and connect both once more."),
            ),
            options=(
                Option("anew", _("🔗 Connect once more"), sets={"does": ANEW}),
                Option("cut", CUT, then=surely),
            ),
        )
    if has is not None:
        return Question(
            lines(together(has), WHAT_FOR, from_when(has, now=talk.now)),
            options=(Option("cut", CUT, then=surely),),
        )
    return Question(
        lines(
            _("🔗 Do you have a second messenger, or a second number?"),
            _("Then connect both chats. If one is shut or blocked, we tell you in the other."),
        ),
        options=(
            Option("code", _("Show a code here"), sets={"does": "code"}),
            Option("type", _("I have the code"), then=Go("other_chat_code")),
        ),
    )


@flow.step(aside=True)
def surely(talk: OtherChatTalk) -> Question | Skip:
    has = other_chats.other(talk.desk)
    if has is None:
        return Skip({"does": "cut"})
    return Question(
        lines(
            _("Shall we cut the connection?"),
            _("What we cannot tell you here, we tell you nowhere else."),
        ),
        options=(
            Option("yes", _("Yes, cut it"), sets={"does": "cut"}, style=ButtonStyle.DANGER, means=Meaning.YES),
            Option("no", _("No, keep it"), then=Go("menu"), means=Meaning.NO),
        ),
    )


@flow.finish
def done(talk: OtherChatTalk) -> Done:
    if talk.draft.does == ANEW:
        other_chats.cut_what_never_begins(talk.desk)
        return Done(_("One chat shows a code, the other types it."), then=Go("other_chat"))
    if talk.draft.does == "cut":
        if other_chats.cut(talk.desk):
            return Done(lines(_("✅ The connection is cut."), _("Your other chat is told so.")))
        return Done(_("This chat is not connected with another one."))
    new = other_chats.make_code(talk.desk)
    return Done(
        paragraphs(
            _("🔗 Open your other chat with us now."),
            lines(
                _("There press «⚙️ Settings», then «📱 Another phone»."),
                _("Then «🔗 My other chat» and «I have the code»."),
                _("Write this code there:"),
                Reference(f"{new.digits[:4]}-{new.digits[4:]}"),
            ),
            lines(
                _("It works until {when}, once.", when=LocalMoment(new.until)),
                _("Give it to nobody: whoever types it is told what we tell you."),
            ),
        )
    )
