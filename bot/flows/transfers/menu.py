"""The page of somebody who has another phone, or whose messenger does not work any more."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Go, Option, Question
from desk.language.text import lines, words

_ = words("transfer")


@dataclass(slots=True)
class PhoneDraft:
    """An empty draft: each option leads to another flow."""


flow = Flow("phone", draft=PhoneDraft)


@flow.step
def entry(talk: Talk[PhoneDraft]) -> Question:
    return Question(
        lines(
            _("📱 Is the old phone lost, or does its messenger not work?"),
            _("Here you bring your turns into this chat."),
            _("With a secret word you can do it without going to an office."),
        ),
        options=(
            Option("bring", _("📱 Bring my turns"), then=Go("transfer")),
            Option("code", _("Code of the counter"), then=Go("counter_code")),
            Option("word", _("🔑 My secret word"), then=Go("own_word")),
            Option("other", _("🔗 My other chat"), then=Go("other_chat")),
        ),
    )
