"""Reads tracking codes as people type them, «code: ۴۸۲-۱۷۳-۰۵۱» with words around, and public ids in groups."""

import re

from desk.codes import LENGTH, LENGTH_OF_CASE, LENGTHS, PublicId, TrackingCode, is_well_formed
from desk.reading.folding import ascii_digits, strip_bidi

# The separators that people put between groups of a code.
_RUN = re.compile(r"[0-9]+(?:[\s\u200c\-\u2010-\u2015_.,،/·]+[0-9]+)*", re.ASCII)
_GROUP = re.compile(r"[0-9]+", re.ASCII)

_BETWEEN = re.compile(r"[\s\u200c\-\u2010-\u2015_.,،/·]+")

LONGEST_GROUP = 4
"""The most digits of a group into which people part a code."""


def read_code(typed: str) -> TrackingCode | None:
    """Return the first well-formed code in ``typed``, or None; of two lengths that fit, the longer one.

    Takes digits of any script, spaces, dashes, ZWNJ and line breaks inside the code, and words around it.
    """
    for run in _RUN.findall(ascii_digits(strip_bidi(typed))):
        groups = _GROUP.findall(run)
        for length in _lengths(groups):
            for start in range(len(groups)):
                joined = ""
                for group in groups[start:]:
                    joined += group
                    if len(joined) >= length:
                        break
                if len(joined) == length and is_well_formed(joined):
                    return TrackingCode(joined)
    return None


def has_as_many_digits(typed: str) -> bool:
    """Whether there are as many digits as an appointment's code has: to count them again would find nothing."""
    return sum(each.isdigit() for each in typed) == LENGTH


def _lengths(groups: list[str]) -> tuple[int, ...]:
    """The lengths that are looked for; twelve digits in small groups with a slip must not be read as nine."""
    is_of_case = sum(map(len, groups)) == LENGTH_OF_CASE and max(map(len, groups)) <= LONGEST_GROUP
    return (LENGTH_OF_CASE,) if is_of_case else LENGTHS


def read_public_id(typed: str) -> PublicId | None:
    """Return the public id that is typed, or None: small letters, digits of any script, spaces and dashes are read.

    Nothing may stand around it: it is typed into a field of its own.
    """
    try:
        return PublicId(_BETWEEN.sub("", ascii_digits(strip_bidi(typed))).upper())
    except ValueError:
        return None
