"""Asks what a complaint is about: its group, then its category, so that no screen has more than seven buttons.

The first screen also settles how the person may be reached (`bot.flows.cases.reaching`). In the group of danger safety
stands before the question.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.dialogue.flow import Flow
from bot.dialogue.questions import Option, Question
from bot.dialogue.steps import Step
from bot.flows import wording
from bot.flows.cases import reaching, tone
from bot.flows.cases.complaint import Complaint, ComplainTalk, tells
from desk.cases.categories import CATEGORIES, GROUPS, Group
from desk.cases.facts import safety_comes_first
from desk.language import case_labels
from desk.language.text import lines, words

_ = words("subject")


def ask_subject(flow: Flow[Complaint]) -> Step[ComplainTalk]:
    """Add these questions to the flow; returns the step that only says where to object."""
    within: dict[str, Step[ComplainTalk]] = {}

    @flow.step(asks="category")
    def group(talk: ComplainTalk) -> Question:
        reached = talk.draft.reaching
        return Question(
            lines(
                _("📣 What is it about?"),
                _("The office does not see who writes."),
                reaching.told(reached),
            ),
            options=(
                *(
                    Option(
                        each.code,
                        case_labels.group(each.code),
                        sets={"reaching": reached if reached.contact else reaching.suggested()},
                        then=within[each.code],
                    )
                    for each in GROUPS
                ),
                reaching.other_way(reached_first),
            ),
            has_back=False,  # there are seven buttons; who writes «back» goes back nevertheless
        )

    @flow.step(aside=True)
    def reached_first(talk: ComplainTalk) -> Question:
        return reaching.ask(name=name_first, tells=tells(talk, reached_first), then=group)

    @flow.step(aside=True)
    def name_first(talk: ComplainTalk) -> Question:
        return reaching.ask_name(talk, talk.draft.reaching, here=name_first, tells=tells(talk, name_first), then=group)

    @flow.step(aside=True)
    def not_here(talk: ComplainTalk) -> Question:
        """The page about revoked papers: nothing is filed or kept, since only the agencies can decide."""
        return Question(
            lines(
                _("We take no complaint about this here, and keep nothing of it."),
                _("Where to object: {nothing}.", nothing=wording.NOT_ANNOUNCED),
                _("Your letter may say where and until when. Please keep it."),
            )
        )

    for each in GROUPS:
        within[each.code] = flow.step(aside=True)(_within(each, not_here))
    return not_here


def _within(asked: Group, not_here: Step[ComplainTalk]) -> Callable[[ComplainTalk], Question]:
    """The question for the kind within one group; its step is called `in_<group>`."""

    def kind(talk: ComplainTalk) -> Question:
        is_danger = any(safety_comes_first(category) for category in asked.categories)
        return Question(
            lines(
                tone.in_danger(talk.desk) if is_danger else None, _("What happened?"), _("Your turn stays as it is.")
            ),
            options=tuple(
                Option(
                    category,
                    case_labels.category(category),
                    sets={"category": category, "facts": {}},
                    then=None if CATEGORIES[category].takes_cases else not_here,
                )
                for category in asked.categories
            ),
        )

    kind.__name__ = f"in_{asked.code}"
    return kind
