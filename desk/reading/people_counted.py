"""Reads for how many people something is wanted: «برای چهار نفر», «۴ نفره»."""

from __future__ import annotations

import re
from typing import Final

from desk.reading.folding import fold
from desk.reading.number_words import read_number

MOST_READ: Final = 20
"""A larger number counts something else."""
_COUNTED = re.compile(r"(?:^|\s)(?:برای\s+)?(\S+?)\s*(?:نفره|نفری|نفر)(?:\s+(?:با هم|یکجا))?(?=\s|$)")


def people_in(typed: str) -> tuple[int, str]:
    """How many people the text counts, and the words without that; 0 = it counts none, or one."""
    folded = fold(typed)
    for found in _COUNTED.finditer(folded):
        number = read_number(found.group(1))
        if number is not None and 1 < number <= MOST_READ:
            return number, f"{folded[: found.start()]} {folded[found.end() :]}".strip()
    return 0, typed
