"""The draft of a complaint, and how what is told too early comes into it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.dialogue.flow import Talk
from bot.dialogue.questions import Json, Option
from bot.dialogue.steps import Step
from bot.flows.cases import told_early
from bot.flows.cases.reaching import ReachDraft, Tells
from bot.flows.offices.find_office import OfficeDraft


@dataclass(slots=True)
class Complaint:
    """The draft of a complaint, in JSON values; a voice note is a reference to the messenger's file."""

    category: str = ""
    where: OfficeDraft = field(default_factory=OfficeDraft)
    service: int | None = None
    services_found: list[int] = field(default_factory=list)
    day: str = ""
    amount: int | None = None
    other_amount: int | None = None
    facts: dict[str, str] = field(default_factory=dict)
    details: dict[str, Json] | None = None
    told_first: dict[str, Json] | None = None
    """The story, told before the step that asks for it; no step asks for this field, so no answer empties it."""
    reaching: ReachDraft = field(default_factory=ReachDraft)
    is_from_ticket: bool = False
    """The first question is the amount, since the ticket says the rest."""


ComplainTalk = Talk[Complaint]
Extra = Callable[[ComplainTalk], tuple[Option, ...]]
"""The options that every question has."""


def tells(talk: ComplainTalk, then: Step[ComplainTalk], *, field: str = "told_first") -> Tells:
    """Keeps what happened, told where it was asked how to reach the person, and asks that again in `then`."""
    return lambda told: told_early.keep(getattr(talk.draft, field), told, field=field, then=then)
