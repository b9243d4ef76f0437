"""Reads the number of a paper, which leaves this file only as a keyed hash and its last characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.dialogue.lexicon import wishes
from bot.dialogue.questions import Json, Reading, Taken, Unclear
from desk.language.text import Param, Reference, lines, words
from desk.people import chat as people
from desk.people.rules import (
    DocumentKind,
    has_foreign_digits,
    looks_like_phone,
    looks_odd,
    number_in_words,
    read_identity_number,
)
from desk.reading.wishes import Wish

if TYPE_CHECKING:
    from bot.flows.people.persons import PersonDraft, PersonTalk

_ = words("person")

MOST_WORDS = 8
FEW_WORDS = 2


def says_none(typed: str, *, most_words: int = MOST_WORDS) -> bool:
    """Whether it says without a figure that something is not there or not known, and little else."""
    if any(sign.isdecimal() for sign in typed) or len(typed.split()) > most_words:
        return False
    return wishes().answer(typed) is not None


def has_none(typed: str) -> bool:
    """Whether it says in a word or two that something is not there; «I do not know» says less."""
    return says_none(typed, most_words=FEW_WORDS) and wishes().answer(typed) is Wish.DONT_HAVE


def none_of(typed: str, *, clear: Reading, else_ask: Reading) -> Reading:
    """No paper at all; where a kind of paper is named, or more is said, that is asked first."""
    if not says_none(typed):
        return None
    return clear if says_none(typed, most_words=FEW_WORDS) and not wishes().named(typed) else else_ask


def read(talk: PersonTalk, typed: str) -> Reading:
    if has_foreign_digits(typed):
        return Unclear(_("Please write the digits as 0 1 2 3."))
    said = number_in_words(typed) or typed
    normal = read_identity_number(said)
    if normal is None:
        return Unclear(_("I need the number that stands on the paper. If you have none, write: none."))
    kind = DocumentKind(talk.draft.paper)
    digest = people.digest(talk.desk, said, kind)
    if digest is None:
        return Unclear(_("Many numbers were written here within an hour. Please go on in an hour."))
    row = people.of_number(talk.desk, digest)
    is_another = row is not None and row.id != talk.draft.instead_of and row.name != talk.draft.full_name
    # A number that this chat has used is not asked about again.
    is_odd = row is None and (said is not typed or looks_odd(said, kind))
    sets: dict[str, Json] = {
        "known": 0,
        "identity_hash": digest.hash,
        "identity_last4": digest.last4,
        "is_odd": is_odd,
        "is_phone": is_odd and looks_like_phone(said),
        "signs": len(normal) if is_odd else 0,
        "same_as": row.id if row is not None and is_another else 0,
    }
    return Taken(sets)


def read_back(draft: PersonDraft) -> Param:
    if draft.identity_last4 is None:
        return _("I read one sign only. Is that right?")
    last = Reference(draft.identity_last4)
    if draft.is_phone:
        return lines(
            _("I read a number like that of a telephone. It ends in {last}.", last=last),
            _("Is it the number of the paper?"),
        )
    return _("I read {n} signs. They end in {last}. Is that right?", n=draft.signs, last=last)
