"""Text with entities: lengths in UTF-16 units, trimmed as the servers do, links and commands found."""

import re
from dataclasses import dataclass, field

from emulator.wire import Json

_FOUND = (
    ("url", re.compile(r"(?<![\w@/.])(?:https?://[^\s<>\"«»]+|(?:t\.me|ble\.ir)/[\w/?=&-]+)", re.ASCII)),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,32}(?:@\w{3,32})?(?!\w)", re.ASCII)),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z]\w{3,31}", re.ASCII)),
)
# Telegram's server drops line separators and directional embeddings; isolates (U+2066-2069) pass.
_DROPPED = re.compile("[\u2028-\u202e\r]")


def units(text: str) -> int:
    """Return the length in UTF-16 code units, in which both messengers count."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


@dataclass(slots=True)
class Marked:
    """A text under construction with its entities (offset and length in UTF-16 units)."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    entities: list[Json] = field(default_factory=list)

    def add(self, piece: str) -> None:
        """Append plain text."""
        self.pieces.append(piece)
        self.length += units(piece)

    def span(self, kind: str, start: int, **extra: object) -> None:
        """Mark everything since `start` as one entity."""
        if self.length > start:
            self.entities.append({"type": kind, "offset": start, "length": self.length - start, **extra})

    def finished(self) -> tuple[str, list[Json]]:
        """Return the text as the server keeps it: trimmed, entities in order, links and commands found."""
        return settle("".join(self.pieces), self.entities)


def settle(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Trim the text, move the entities along, and add links, commands and mentions outside of code."""
    start = len(text) - len(text.lstrip())
    trimmed = text.strip()
    total, shift = units(trimmed), units(text[:start])
    kept: list[Json] = []
    for entity in entities:
        begin = max(0, entity["offset"] - shift)
        end = min(total, entity["offset"] + entity["length"] - shift)
        if end > begin:
            kept.append({**entity, "offset": begin, "length": end - begin})
    kept += _discovered(trimmed, kept)
    kept.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return trimmed, kept


def _discovered(text: str, taken: list[Json]) -> list[Json]:
    if "/" not in text and "@" not in text:
        return []
    closed = [e for e in taken if e["type"] in {"code", "pre", "text_link"}]
    found: list[Json] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            offset, length = units(text[: match.start()]), units(match.group())
            if any(offset < e["offset"] + e["length"] and e["offset"] < offset + length for e in closed + found):
                continue
            found.append({"type": kind, "offset": offset, "length": length})
    return found


def cleaned(text: str) -> str:
    """Return the text without the characters Telegram's server removes."""
    return _DROPPED.sub("", text)


def cut(text: str, entity: Json) -> str:
    """Return the piece of `text` that `entity` covers."""
    raw = text.encode("utf-16-le")
    start = entity["offset"] * 2
    return raw[start : start + entity["length"] * 2].decode("utf-16-le")
