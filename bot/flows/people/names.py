"""Asks for the name of a person and reads it: a sentence, a day or a place is not taken for one, and asked about."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from bot.dialogue.lexicon import wishes
from bot.dialogue.questions import Json, Meaning, Option, Question, Reading
from bot.dialogue.says import ButtonStyle
from bot.dialogue.steps import Step
from desk.conversations.chat import Chat
from desk.language.lexicons import lexicons
from desk.language.text import Param, lines, words
from desk.offices import chat as offices
from desk.people.refusals import NotASlip, SlipMended, TooManyNames
from desk.people.rules import DocumentKind, has_number, read_name, stands_behind
from desk.reading.days import read_day
from desk.reading.folding import folded_words
from desk.reading.latin import is_latin
from desk.reading.names import NameWords, SaidName
from desk.reading.times import read_part_of_day
from desk.values import LocalMoment

_ = words("person")

HINT = _("Please write the name in letters, such as «Gol Agha Rahimi».")
ONLY_THE_NAME = _("Write only the name, such as «Gol Agha Rahimi».")
YES = _("✅ Yes, that's the name")
WRITE_IT = _("✏️ Write the name")
CORRECT = _("✏️ Correct the name")


def ask_anew(before: str | None, *, paper: DocumentKind | None, reads: Callable[[str], Reading]) -> Question:
    """Ask for the right name of somebody whose name is `before`; who has no paper is not asked what stands on it."""
    return Question(
        lines(
            _("👤 Until now: {person}", person=before) if before is not None else None,
            _("Please write the name as it is on the paper.")
            if has_number(paper)
            else _("Please write the right name, whole."),
        ),
        reads=reads,
        hint=HINT,
    )


def i_read(name: str) -> Param:
    return _("👤 I read: **{person}**", person=name)


def ask_if_right(name: str, *, field: str, again: Step[Any], reads: Callable[[str], Reading]) -> Question:
    """Read the name back that was read out of a sentence; `field` = the field of the draft that holds it."""
    anew: dict[str, Json] = {field: "", "is_name_asked": False}
    return Question(
        lines(i_read(name), _("Is that the name on the paper?")),
        options=(
            Option("yes", YES, sets={"is_name_asked": False}, style=ButtonStyle.CONFIRM, means=Meaning.YES),
            Option("no", WRITE_IT, sets=anew, then=again, means=Meaning.NO, note=ONLY_THE_NAME),
        ),
        reads=reads,
        hint=HINT,
    )


def once(paper: DocumentKind | None, *, last4: str | None) -> Param | None:
    """That the name of this person is corrected only once; None where the paper stands behind it."""
    if stands_behind(paper, last4=last4):
        return None
    if has_number(paper):
        return _("With so short a number this is possible only once.")
    return _("Without a paper this is possible only once.")


def why_not(refusal: NotASlip | SlipMended | TooManyNames) -> Param:
    """Why the name may not be written so."""
    if isinstance(refusal, TooManyNames):
        again = LocalMoment(refusal.until).day
        return _("Names were corrected {most} times here this week; again from {day}.", most=refusal.most, day=again)
    if isinstance(refusal, SlipMended):
        return (
            _("With so short a number a name is corrected once only.")
            if refusal.is_short
            else _("Without a paper a name is corrected once only.")
        )
    return (
        _("With so short a number I can correct a letter or two only.")
        if refusal.is_short
        else _("Without a paper I can correct a letter or two only.")
    )


@cache
def _words() -> NameWords:
    return NameWords.of(lexicons())


def read(chat: Chat, typed: str, *, asked: str) -> SaidName | None:
    """The name in what was typed; None = there is none. `asked` = what was asked about: who writes it again is sure."""
    name = read_name(typed)
    if name is None or name == asked:
        return SaidName(name, is_sure=True) if name else None
    said = _words().read(typed, name=name)
    return SaidName(name, is_sure=False) if said.is_sure and is_of_something_else(chat, name) else said


def is_sentence(typed: str) -> bool:
    """Whether it tells or asks something, which is no name."""
    return not _words().read(typed, name=whole(typed)).is_sure


def is_of_something_else(chat: Chat, typed: str) -> bool:
    """Whether it is the name of a day, of a part of one, of a place, or a word for what this desk does."""
    written = "".join(folded_words(typed))
    city = offices.city(chat, typed)
    return (
        wishes().is_ours(typed)
        or read_day(typed, today=chat.today) is not None
        or read_part_of_day(typed) is not None
        or (city is not None and (is_latin(typed) or "".join(folded_words(city.name)) == written))
        or any(
            written == "".join(folded_words(text))
            for row in offices.provinces(chat)
            for _locale, text in row.name.texts
        )
    )


def whole(typed: str) -> str:
    """What was typed as a name, with all that stands around it."""
    return read_name(typed) or ""
