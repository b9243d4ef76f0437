"""Asks how a person may be reached about a case: by name, under the code alone, or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.flow import Block
from bot.dialogue.questions import Option, Question, Taken
from bot.dialogue.talk import BlockTalk
from bot.flows import wording
from desk.cases.rules import Contact
from desk.language import case_labels
from desk.language.text import Param, lines, words
from desk.people import chat as people
from desk.people.rules import NAME_LENGTH, read_name

_ = words("reaching")


@dataclass(slots=True)
class ReachDraft:
    contact: str = ""
    name: str = ""


ReachTalk = BlockTalk[ReachDraft, None]

block: Block[ReachDraft, None] = Block(
    "reaching",
    draft=ReachDraft,
    settled=lambda draft: bool(draft.contact and (draft.name or draft.contact != Contact.NAME.value)),
)


@block.step(asks="contact")
def contact(talk: ReachTalk) -> Question:
    ways = {
        Contact.CODE: _("Only with the code"),
        Contact.NAME: _("👤 With my name"),
        Contact.NOBODY: _("Nobody contacts me"),
    }
    return Question(
        lines(
            _("👤 How may we reach you?"),
            _("With only the code, the answer comes here, without your name."),
            _("With «nobody», you see the answer by the code only."),
        ),
        options=tuple(Option(each.value, label, sets={"contact": each.value}) for each, label in ways.items()),
    )


@block.step(asks="name")
def name(talk: ReachTalk) -> Question:
    """Ask for a name: of a known person, or typed."""
    known = list(dict.fromkeys(row.name for row in people.known(talk.desk)))
    return Question(
        lines(_("👤 What is your name?"), _("The office does not see it.")),
        options=tuple(Option(f"n{place}", each, sets={"name": each}) for place, each in enumerate(known)),
        reads=lambda typed: (
            Taken({"name": read}) if (read := read_name(typed)) else wording.too_long(typed, most=NAME_LENGTH)
        ),
        hint=_("Please write the name in letters."),
    )


def chosen(draft: ReachDraft) -> Contact:
    """The chosen contact; a person who was not asked is reached under the code alone."""
    return Contact(draft.contact) if draft.contact else Contact.CODE


def read_back(draft: ReachDraft) -> Param:
    """The contact, for the last check."""
    label = case_labels.contact(chosen(draft).value)
    if not draft.name:
        return _("👤 {reached}", reached=label)
    return _("👤 {reached}: {name}", reached=label, name=draft.name)
