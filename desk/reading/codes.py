"""Reads tracking codes as people type them: «۴۸۲ ۱۷۳ ۰۵۱», «code: 482-173-051», with words around."""

import re

from desk.codes import LENGTH, TrackingCode, is_well_formed
from desk.reading.folding import ascii_digits, strip_bidi

# The separators that people put between groups of a code.
_RUN = re.compile(r"[0-9]+(?:[\s\u200c\-\u2010-\u2015_.,،/·]+[0-9]+)*", re.ASCII)
_GROUP = re.compile(r"[0-9]+", re.ASCII)


def read_code(typed: str) -> TrackingCode | None:
    """Return the first well-formed code in ``typed``, or None.

    Takes digits of any script, spaces, dashes, ZWNJ and line breaks inside the code, and words around it.
    """
    for run in _RUN.findall(ascii_digits(strip_bidi(typed))):
        groups = _GROUP.findall(run)
        for start in range(len(groups)):
            joined = ""
            for group in groups[start:]:
                joined += group
                if len(joined) >= LENGTH:
                    break
            if is_well_formed(joined):
                return TrackingCode(joined)
    return None
