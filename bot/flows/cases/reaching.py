"""How a person may be reached about a case: by name, under the code alone, or not at all.

It is settled before anything else. The likeliest way stands on the first screen, and the person who answers it takes
that way; a button there leads to the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.dialogue.flow import Talk
from bot.dialogue.questions import Option, Question, Reading, Taken, Unclear
from bot.dialogue.steps import Step
from bot.flows import wording
from bot.flows.cases import told_early
from bot.flows.people import names
from desk.cases.rules import Contact
from desk.language import case_labels
from desk.language.text import Param, lines, words
from desk.people import chat as people
from desk.people.rules import NAME_LENGTH
from desk.reading.names import MOST_WORDS

_ = words("reaching")


Tells = Callable[[Mapping[str, Any]], Reading]


@dataclass(slots=True)
class ReachDraft:
    contact: str = ""
    name: str = ""
    typed_name: str = ""
    """A word that names something else too: who writes it once more means it."""


WAYS = {
    Contact.CODE: _("Only with the code"),
    Contact.NAME: _("👤 With my name"),
    Contact.NOBODY: _("Nobody contacts me"),
}


def suggested() -> ReachDraft:
    """The likeliest way: no name, and the answer arrives by itself."""
    return ReachDraft(contact=Contact.CODE.value)


def told(draft: ReachDraft) -> Param:
    """The chosen or suggested way, for the first screen, and how to choose another one before anything is told."""
    match chosen(draft):
        case Contact.NOBODY:
            way: Param = _("👤 Nobody contacts you. You see the answer by the code only.")
        case Contact.NAME:
            way = _("👤 The answer comes here, to {name}.", name=draft.name)
        case _:
            way = _("👤 The answer comes here, without your name.")
    return lines(way, _("To change it, first press «How to reach me»."))


def other_way(then: Step[Any]) -> Option:
    """The option of the first screen that leads to the question."""
    return Option("contact", _("👤 How to reach me"), then=then)


def ask(*, name: Step[Any], tells: Tells, then: Step[Any] | None = None) -> Question:
    """The question by itself; the answer leads to `then`. `tells` = takes what happened, told instead of an answer."""
    return Question(
        lines(
            _("👤 How may we reach you?"),
            _("Without a name or with one, the answer comes here."),
            _("With «nobody», you see the answer by the code only."),
        ),
        options=tuple(_option(way, then=then, name=name) for way in WAYS),
        reads=lambda typed: tells(told_early.of_text(typed)) if told_early.is_story(typed) else None,
        voices=lambda voice: tells(told_early.of_voice(voice)),
    )


def ask_name(
    talk: Talk[Any], reached: ReachDraft, *, here: Step[Any], tells: Tells, then: Step[Any] | None = None
) -> Question:
    """Ask for a name, of a known person or typed, in the step `here`; for the rest see `ask`."""
    known = list(dict.fromkeys(row.name for row in people.known(talk.desk)))
    return Question(
        lines(_("👤 What is your name?"), _("Those who look into it see it, that office does not.")),
        options=tuple(
            Option(f"n{place}", wording.cut(each), sets=_named(each), then=then) for place, each in enumerate(known)
        ),
        reads=lambda typed: _read_name(talk, reached, typed, here=here, tells=tells, then=then),
        voices=lambda voice: tells(told_early.of_voice(voice)),
        hint=_("Please write the name in letters."),
    )


def chosen(draft: ReachDraft) -> Contact:
    """The chosen contact; a person who chose nothing else is reached under the code alone."""
    return Contact(draft.contact) if draft.contact else Contact.CODE


def read_back(draft: ReachDraft) -> Param:
    """The contact, for the last check."""
    label = case_labels.contact(chosen(draft).value)
    if not draft.name:
        return _("👤 {reached}", reached=label)
    return _("👤 {reached}: {name}", reached=label, name=draft.name)


def _option(way: Contact, *, then: Step[Any] | None, name: Step[Any]) -> Option:
    if way is Contact.NAME:
        return Option(way.value, WAYS[way], then=name)
    return Option(way.value, WAYS[way], sets={"reaching": ReachDraft(contact=way.value)}, then=then)


def _read_name(
    talk: Talk[Any], reached: ReachDraft, typed: str, *, here: Step[Any], tells: Tells, then: Step[Any] | None
) -> Reading:
    """The name, also out of «my name is …»; «I do not want to say it» is none. The last check shows what was read."""
    said = names.read(talk.desk, typed, asked=reached.typed_name)
    is_whole = said is None or (not said.is_sure and said.name == names.whole(typed))
    if is_whole and len(typed.split()) > MOST_WORDS:
        return tells(told_early.of_text(typed))
    if said is None:
        return wording.too_long(typed, most=NAME_LENGTH)
    if not is_whole:
        return Taken(_named(said.name), then=then)
    if names.is_sentence(typed):
        return Unclear(names.ONLY_THE_NAME)
    asked = lines(names.i_read(said.name), _("If that is your name, please write it once more."))
    return Taken({"reaching": replace(reached, typed_name=said.name)}, then=here, note=asked)


def _named(name: str) -> dict[str, ReachDraft]:
    return {"reaching": ReachDraft(contact=Contact.NAME.value, name=name)}
