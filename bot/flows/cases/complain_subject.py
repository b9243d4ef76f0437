"""What a complaint is about: its group, then its kind, so that no screen has more than seven buttons."""

from __future__ import annotations

from typing import Any

from bot.dialogue.flow import Flow, StepBody, Talk
from bot.dialogue.questions import Option, Question
from bot.flows import wording
from desk.cases.categories import CATEGORIES, GROUPS, Group
from desk.language import case_labels
from desk.language.text import lines, words

_ = words("subject")


def ask_subject(flow: Flow[Any]) -> None:
    """Add these questions to a flow whose draft has `category` and `facts`; the step `safety` has to follow."""
    flow.step(group)
    for each in GROUPS:
        flow.step(_within(each))
    flow.step(not_here)


def group(talk: Talk[Any]) -> Question:
    return Question(
        lines(
            _("📣 What is it about?"),
            _("The office does not see who writes."),
            _("Your turn stays as it is."),
        ),
        options=tuple(Option(each.code, case_labels.group(each.code), then=f"in_{each.code}") for each in GROUPS),
    )


def _within(asked: Group) -> StepBody[Any]:
    """The question for the kind within one group; its step is called `in_<group>`."""

    def kind(talk: Talk[Any]) -> Question:
        return Question(
            _("What happened?"),
            options=tuple(
                Option(
                    category,
                    case_labels.category(category),
                    sets={"category": category, "facts": {}},
                    then="safety" if CATEGORIES[category].takes_cases else "not_here",
                )
                for category in asked.categories
            ),
        )

    kind.__name__ = f"in_{asked.code}"
    return kind


def not_here(talk: Talk[Any]) -> Question:
    """Papers that were revoked: nothing is filed and nothing is kept, since only the agencies can hear it."""
    return Question(
        lines(
            _("We take no complaint about this here, and keep nothing of it."),
            _("Where to object: {nothing}.", nothing=wording.NOT_ANNOUNCED),
            _("Your letter may say where and until when. Please keep it."),
        )
    )
