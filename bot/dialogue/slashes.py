"""Reads slash commands: the word, however it was typed, and the payload of a link."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from desk.reading.folding import fold

START = "start"

_OTHER_SLASHES = str.maketrans("⁄∕", "//")  # characters that look like a slash
_FILLERS = "\u115f\u1160\u3164\uffa0"
"""Letters that are invisible."""
_UNSEEN = frozenset({"Cf", "Cc", "Mn"})
_SLASH = re.compile(r"/(?P<word>[^\s@]*)(?:@\S*)?(?:\s+(?P<rest>.*))?", re.DOTALL)
_NO_WORD = re.compile(r"[\W_]+$")
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Slash:
    """A slash command; `word` is folded, `rest` is what follows it."""

    word: str
    rest: str = ""

    @property
    def payload(self) -> str:
        """The payload of a link; "" where other words follow the slash word."""
        return self.rest if _PAYLOAD.fullmatch(self.rest) else ""


def behind_slash(typed: str) -> Slash | None:
    """The slash command at the beginning of a text; None = there is none, or a slash stands alone, as in a date."""
    seen = "".join(
        sign for sign in typed if sign in "\n\t" or (unicodedata.category(sign) not in _UNSEEN and sign not in _FILLERS)
    )
    found = _SLASH.fullmatch(unicodedata.normalize("NFKC", seen).translate(_OTHER_SLASHES).strip())
    if found is None or (not found["word"] and found["rest"]):
        return None
    return Slash(_NO_WORD.sub("", fold(found["word"])), (found["rest"] or "").strip())


def start_of(typed: str) -> str | None:
    """The payload of a start command, "" without one; None = the text is no start command."""
    slash = behind_slash(typed)
    return slash.payload if slash is not None and slash.word == START else None
