"""The first questions of a new chat: the language, then what is kept and how to erase it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Done, Go, Meaning, Option, Question, Skip
from desk.conversations import chat as conversations
from desk.language.text import Locale, lines, paragraphs, words

_ = words("welcome")


@dataclass(slots=True)
class WelcomeDraft:
    language: str = ""


flow = Flow("welcome", draft=WelcomeDraft)

LANGUAGES = (
    Option(Locale.FA, _("Persian (Iran)"), sets={"language": Locale.FA.value}),
    Option(Locale.FA_AF, _("Dari (Afghanistan)"), sets={"language": Locale.FA_AF.value}),
)


@flow.step(asks="language")
def language(talk: Talk[WelcomeDraft]) -> Question | Skip:
    if talk.desk.me.locale and not talk.draft.language:
        return Skip()
    return Question(
        _("Hello. This is Mizban: free turns at the offices. Which language?"), options=LANGUAGES, has_menu=False
    )


@language.answered
def speak_it(talk: Talk[WelcomeDraft]) -> None:
    conversations.choose_language(talk.desk, Locale(talk.draft.language))


@flow.step
def privacy(talk: Talk[WelcomeDraft]) -> Question:
    return Question(
        paragraphs(
            _("**A turn is free. Pay nobody for it.**"),
            lines(
                _("We keep your name, your turns and your messages."),
                _("They serve only your turn and our answer to you."),
                _("Whenever you like, erase them all under «⚙️ Settings»."),
            ),
        ),
        options=(Option("understood", _("✅ I understand"), means=Meaning.YES),),
        has_menu=False,
    )


@flow.finish
def welcome(talk: Talk[WelcomeDraft]) -> Done:
    conversations.consent(talk.desk)
    return Done(_("You are welcome here."), then=Go("menu"))
