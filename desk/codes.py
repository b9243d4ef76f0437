"""Tracking codes, whose last digit checks the others, and the public ids of standing requests."""

import re
from dataclasses import dataclass
from enum import StrEnum
from random import Random, SystemRandom
from typing import Self

# Damm's quasigroup of order ten (H. Michael Damm, 2004): finds all single errors and all adjacent swaps.
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
_STEPS = tuple({str(digit): int(step) for digit, step in enumerate(row)} for row in _DAMM)
"""The table by digit characters, for speed: each code read from the database is checked."""
LENGTH = 9
"""The digits of the code of an appointment, and of a case filed before codes of cases had more."""
LENGTH_OF_CASE = 12
"""The digits of the code of a case: it opens the case, so it must be hard to guess."""
LENGTHS = (LENGTH_OF_CASE, LENGTH)
_WELL_FORMED = re.compile(r"[1-9][0-9]{8}|[6-9][0-9]{11}", re.ASCII)
PUBLIC_LENGTH = 16
_PUBLIC = re.compile(f"[0-9A-Z]{{{PUBLIC_LENGTH}}}", re.ASCII)
_SYSTEM_RANDOM = SystemRandom()


def damm_digit(digits: str) -> str:
    """Return the Damm check digit of ASCII ``digits``; of a number that ends in its own check digit it is "0"."""
    interim = 0
    for digit in digits:
        interim = _STEPS[interim][digit]
    return str(interim)


class CodeKind(StrEnum):
    """What a code belongs to; the first digit tells, so that bystanders learn nothing from a code."""

    APPOINTMENT = "appointment"
    CASE = "case"

    @property
    def first_digits(self) -> str:
        """The digits a code of this kind may begin with."""
        return "12345" if self is CodeKind.APPOINTMENT else "6789"

    @property
    def length(self) -> int:
        """How many digits a new code of this kind has."""
        return LENGTH if self is CodeKind.APPOINTMENT else LENGTH_OF_CASE


@dataclass(frozen=True, slots=True, order=True)
class TrackingCode:
    """Nine or twelve ASCII digits, the first 1-9, the last a Damm check digit; it holds no date, office or service.

    Raises:
        ValueError: the digits are not a well-formed code.
    """

    digits: str

    def __post_init__(self) -> None:
        if not is_well_formed(self.digits):
            raise ValueError("not a well-formed tracking code")

    @classmethod
    def make(cls, kind: CodeKind, *, source: Random | None = None) -> Self:
        """Return a new random code of ``kind``; the default source is the unpredictable one of the system."""
        source = source or _SYSTEM_RANDOM
        stem = source.choice(kind.first_digits) + "".join(source.choices("0123456789", k=kind.length - 2))
        return cls(stem + damm_digit(stem))

    @property
    def kind(self) -> CodeKind:
        """What the code belongs to."""
        return CodeKind.APPOINTMENT if self.digits[0] in CodeKind.APPOINTMENT.first_digits else CodeKind.CASE

    @property
    def grouped(self) -> str:
        """The code in groups of three ASCII digits, for reading: ``482 173 051``."""
        return " ".join(self.digits[first : first + 3] for first in range(0, len(self.digits), 3))

    def __str__(self) -> str:
        return self.digits


@dataclass(frozen=True, slots=True, order=True)
class PublicId:
    """Sixteen random digits, which name a standing request to everybody and tell nothing of it; earlier ones hold
    letters too.

    The last digit checks the others. The first is 1-4: the numbers of bank cards, as long, begin with 5 or 6.

    Raises:
        ValueError: the signs are no public id.
    """

    signs: str

    def __post_init__(self) -> None:
        if _PUBLIC.fullmatch(self.signs) is None:
            raise ValueError("not a public id")

    @classmethod
    def make(cls, *, source: Random | None = None) -> Self:
        """Return a new random id; the default source is the unpredictable one of the system."""
        source = source or _SYSTEM_RANDOM
        while True:
            stem = source.choice("1234") + "".join(source.choices("0123456789", k=PUBLIC_LENGTH - 2))
            signs = stem + damm_digit(stem)
            if not is_well_formed(signs[-LENGTH_OF_CASE:]):  # in groups it would be read as the code of a case
                return cls(signs)

    @property
    def has_slip(self) -> bool:
        """Whether a digit of it is not as it was drawn; of an earlier one with letters nobody can tell."""
        return self.signs.isdecimal() and damm_digit(self.signs) != "0"

    @property
    def grouped(self) -> str:
        """The id in groups of four, for reading: ``2907 5513 0846 1172``."""
        return " ".join(self.signs[first : first + 4] for first in range(0, PUBLIC_LENGTH, 4))

    def __str__(self) -> str:
        return self.signs


def is_well_formed(digits: str) -> bool:
    """Whether ASCII ``digits`` is a well-formed code: nine, or the twelve of a case, with a correct check digit."""
    return _WELL_FORMED.fullmatch(digits) is not None and damm_digit(digits) == "0"
