"""Kinds of identity papers, reading of names and identity numbers, and the keyed hash that replaces a number."""

from __future__ import annotations

import hmac
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from desk.identity import Digests, IdentityKeys, Mark
from desk.people.sealing import sealed_name, sealed_number
from desk.reading.folding import HIDDEN, ascii_digits, clean
from desk.reading.long_numbers import long_numbers


class DocumentKind(StrEnum):
    """Papers of foreign nationals; NONE must be allowed: lost paper, newborn, undocumented."""

    AMAYESH = "amayesh"
    HOVIAT = "hoviat"
    SMART_ID = "smart_id"
    PASSPORT = "passport"
    TRAVEL_SLIP = "travel_slip"
    HEADCOUNT_SLIP = "headcount_slip"
    RESIDENCE_BOOKLET = "residence_booklet"
    RESIDENCE_CARD = "residence_card"
    UNIQUE_CODE = "unique_code"
    TAZKIRA = "tazkira"
    OTHER = "other"
    NONE = "none"


KINDS_ON_BUTTONS = (
    DocumentKind.AMAYESH,
    DocumentKind.SMART_ID,
    DocumentKind.PASSPORT,
    DocumentKind.HEADCOUNT_SLIP,
    DocumentKind.TRAVEL_SLIP,
    DocumentKind.UNIQUE_CODE,
    DocumentKind.RESIDENCE_BOOKLET,
    DocumentKind.RESIDENCE_CARD,
    DocumentKind.TAZKIRA,
    DocumentKind.HOVIAT,
    DocumentKind.OTHER,
    DocumentKind.NONE,
)
"""The papers that most people hold, in the order of their buttons."""

NAME_LENGTH = 80
NICKNAME_LENGTH = 40

_SPACES = re.compile(r"\s+")
_BETWEEN_LETTERS = frozenset(" \u200c-'’.()")
_NUMBER_LENGTH = range(1, 41)
_LONGEST_TYPED = 200
"""The longest number that is read, with spaces and dashes; longer input is no number."""


def read_name(typed: str) -> str | None:
    """The name of a person as typed, tidied; None when it holds digits, fewer than two letters or more than 80 signs.

    One name is enough: not everybody has a surname.
    """
    name = _one_line(typed)
    if any(sign.isnumeric() for sign in name) or name.startswith("/"):
        return None
    name = _one_line("".join(sign for sign in name if _is_of_a_name(sign)))
    letters = sum(sign.isalpha() for sign in name)
    return name if letters >= 2 and len(name) <= NAME_LENGTH else None


def read_nickname(typed: str) -> str | None:
    """A typed nickname, tidied; None when it has no letter, holds a long number or is over 40 characters."""
    nickname = _one_line(typed)
    if not any(sign.isalpha() for sign in nickname) or nickname.startswith("/"):
        return None
    if long_numbers(nickname, knows=lambda _code: False):
        return None
    return nickname if len(nickname) <= NICKNAME_LENGTH else None


def initials(name: str) -> str:
    """The first letter of each word of a name."""
    letters = (next((each for each in word if each.isalpha()), "") for word in name.split())
    return " ".join(f"{letter}." for letter in letters if letter)


def _one_line(typed: str) -> str:
    return _SPACES.sub(" ", clean(typed)).strip()


def _is_of_a_name(sign: str) -> bool:
    return sign.isalpha() or sign in _BETWEEN_LETTERS or unicodedata.category(sign) == "Mn"


@dataclass(frozen=True, slots=True)
class IdentityDigest:
    """All that is kept of an identity number: a keyed, stretched hash and its last characters for the clerk."""

    hash: str
    last4: str | None
    older: tuple[str, ...] = ()
    """Under older keys: somebody who came before a change of the key may still be stored so."""

    @property
    def hashes(self) -> tuple[str, ...]:
        return (self.hash, *self.older)

    def is_of(self, stored: str | None) -> bool:
        """Whether the hash that is stored of somebody is of this number; None = their hash was erased."""
        return any(hmac.compare_digest(stored or "", each) for each in self.hashes)


def has_number(kind: DocumentKind | None) -> bool:
    """Whether a paper of this kind has a number that can be compared; None = the kind is not known any more."""
    return kind not in (None, DocumentKind.NONE)


FEWEST_COMPARED = 3
"""Of a number as short as «5» or «21» a clerk sees less, and many papers end so: it keeps nobody else away."""


def stands_behind(kind: DocumentKind | None, *, last4: str | None) -> bool:
    """Whether the paper decides at the counter, whatever the name: the clerk can compare enough of its number."""
    return has_number(kind) and len(last4 or "") >= FEWEST_COMPARED


@dataclass(frozen=True, slots=True)
class MarkedNumber:
    """An identity number that has been keyed and is to be stretched."""

    marks: tuple[Mark, ...]
    last4: str | None

    def digest(self, digests: Digests) -> IdentityDigest | None:
        """The digest, where these digests hold it; None where too many were asked for. Raises DigestNeeded."""
        made = digests.of(self.marks)
        return None if made is None else IdentityDigest(made.hash, self.last4, made.older)


def read_identity_number(typed: str) -> str | None:
    """The number of a paper in one form: Latin digits, capital letters, no spaces or dashes.

    None when it has no digit or more than 40 characters: then it is not the number of a paper. None too where a
    character could make a second number of the same paper: an invisible letter, or a digit of a script in which no
    paper here is written.
    """
    if len(typed) > _LONGEST_TYPED:
        return None
    number = sealed_number(typed)
    if not HIDDEN.isdisjoint(number) or has_foreign_digits(typed):
        return None
    return number if len(number) in _NUMBER_LENGTH and any(sign.isdigit() for sign in number) else None


def has_foreign_digits(typed: str) -> bool:
    """Whether it has digits that are neither Latin nor Persian nor Arabic: the caller asks for those instead."""
    if len(typed) > _LONGEST_TYPED:
        return False
    return any(sign.isnumeric() and not sign.isascii() for sign in sealed_number(typed))


def marked(number: str, *, kind: DocumentKind, keys: IdentityKeys) -> MarkedNumber:
    """The keyed hash (HMAC-SHA256) of an identity number, to be stretched, and its last four characters.

    The kind of paper is not part of the hash: the same number given as a card and later as a slip is still one person.
    Of a short number at most half is left readable, of a single digit nothing.

    Raises:
        ValueError: there is no number in it, or the person has no paper.
    """
    normal = sealed_number(number)
    if len(normal) not in _NUMBER_LENGTH or not any(map(str.isdigit, normal)) or kind is DocumentKind.NONE:
        raise ValueError("there is no identity number to digest")
    readable = min(4, len(normal) // 2)
    return MarkedNumber(keys.marks("number", normal), normal[-readable:] if readable else None)


def marked_without_paper(conversation_id: int, name: str, keys: IdentityKeys) -> MarkedNumber:
    """The keyed hash for somebody without a paper: the same name in the same chat is the same person.

    Only its letters count: with a dot, a bracket or a joiner it is still the same person.
    """
    return MarkedNumber(keys.marks("no paper", f"{conversation_id}:{sealed_name(name)}"), None)


def marked_at_office(office_id: int, name: str, keys: IdentityKeys) -> MarkedNumber:
    """The same for somebody without a paper who stands at a desk: the same name at the same office is the same
    person."""
    return MarkedNumber(keys.marks("no paper at the desk", f"{office_id}:{sealed_name(name)}"), None)


_BETWEEN_DIGITS = str.maketrans("", "", " -.()\u200c")
_PHONE = re.compile(r"(?:(?:\+|00)?98|0)9[0-9]{9}|(?:(?:\+|00)?93|0)7[0-9]{8}|\+[0-9]{8,15}", re.ASCII)
"""A mobile number of Iran or of Afghanistan, or any number with a plus before its country code."""


def looks_like_phone(typed: str) -> bool:
    """Whether a number has the shape of a telephone number; one of these may all the same stand on a paper."""
    if len(typed) > _LONGEST_TYPED:
        return False
    return _PHONE.fullmatch(ascii_digits(clean(typed)).translate(_BETWEEN_DIGITS)) is not None


_LETTERS_OF_A_WORD = 3


def number_in_words(typed: str) -> str | None:
    """The number within a sentence, such as «my number is 12345678»; None where nothing else was written.

    A series before a number has fewer letters than a word. The caller asks whether it was read right.
    """
    parts = typed.split()
    with_digits = [part for part in parts if any(sign.isdigit() for sign in part)]
    has_words = any(
        sum(sign.isalpha() for sign in part) >= _LETTERS_OF_A_WORD for part in parts if part not in with_digits
    )
    return " ".join(with_digits) if with_digits and has_words else None


_PASSPORT = re.compile(r"[A-Z0-9]{5,12}", re.ASCII)
_USUAL_CODE_LENGTHS = frozenset({10, 12, 16})


def looks_odd(number: str, kind: DocumentKind) -> bool:
    """Whether the number is unusual, so that the chat asks once more; never a reason to refuse it.

    No checksum is known for foreigners' numbers, so only length, letters and repeated digits are looked at.
    """
    if kind is DocumentKind.NONE:
        return False
    normal = read_identity_number(number)
    if normal is None or len(set(normal)) == 1 or looks_like_phone(number):
        return True
    if kind is DocumentKind.PASSPORT:
        return _PASSPORT.fullmatch(normal) is None
    if kind is DocumentKind.UNIQUE_CODE:
        return not normal.isdigit() or len(normal) not in _USUAL_CODE_LENGTHS
    return not 4 <= len(normal) <= 20
