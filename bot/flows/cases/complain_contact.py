"""How the person may be reached about a complaint: by name, under the code alone, or not at all."""

from __future__ import annotations

from typing import Any

from bot.dialogue.flow import Talk
from bot.dialogue.questions import Option, Question, Taken
from bot.flows import wording
from desk.cases.rules import Contact
from desk.language import case_labels
from desk.language.text import Param, lines, words
from desk.people import chat as people
from desk.people.rules import NAME_LENGTH, read_name

_ = words("reaching")


def ask_contact() -> Question:
    """The draft's `contact`; with a name the step `name` follows, else `summary`."""
    return Question(
        lines(
            _("👤 How may we reach you?"),
            _("With only the code, the answer comes here, without your name."),
            _("With «nobody», you see the answer by the code only."),
        ),
        options=(
            Option(Contact.CODE.value, _("Only with the code"), then="summary"),
            Option(Contact.NAME.value, _("👤 With my name"), then="name"),
            Option(Contact.NOBODY.value, _("Nobody contacts me"), then="summary"),
        ),
    )


def ask_name(talk: Talk[Any]) -> Question:
    """The draft's `name`: somebody this chat knows, or typed; then the step `summary`."""
    known = list(dict.fromkeys(row.name for row in people.known(talk.desk)))
    return Question(
        lines(_("👤 What is your name?"), _("The office does not see it.")),
        options=tuple(
            Option(f"n{place}", each, sets={"name": each}, then="summary") for place, each in enumerate(known)
        ),
        reads=lambda typed: (
            Taken({"name": read}, then="summary")
            if (read := read_name(typed))
            else wording.too_long(typed, most=NAME_LENGTH)
        ),
        hint=_("Please write the name in letters."),
    )


def chosen(contact: str) -> Contact:
    """Who was never asked is reached under the code alone."""
    return Contact(contact) if contact else Contact.CODE


def read_back(contact: str, name: str) -> Param:
    """For the last look."""
    label = case_labels.contact(chosen(contact).value)
    return _("👤 {reached}: {name}", reached=label, name=name) if name else _("👤 {reached}", reached=label)
