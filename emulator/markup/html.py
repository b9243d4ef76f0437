"""Telegram's HTML: strict tags, nesting and attributes, with the server's own error sentences and byte offsets."""

import re
from dataclasses import dataclass, field
from html import unescape

from emulator.markup.spans import Marked
from emulator.wire import Json, bad_request

_KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "code": "code",
    "pre": "pre", "a": "text_link", "blockquote": "blockquote", "tg-emoji": "custom_emoji", "span": "spoiler",
}  # fmt: skip
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-zA-Z-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[\w.-]+))?)*)\s*>")
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([\w.-]+)))?")
_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_LOOSE_AMPERSAND = re.compile(r"&(?!(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")


def _broken(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")


@dataclass(slots=True)
class _Open:
    tag: str
    start: int
    attributes: dict[str, str] = field(default_factory=dict)


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.marked = Marked()
        self.stack: list[_Open] = []

    def at(self, position: int) -> int:
        return len(self.source[:position].encode())

    def read(self) -> tuple[str, list[Json]]:
        position = 0
        while position < len(self.source):
            bracket = self.source.find("<", position)
            end = bracket if bracket >= 0 else len(self.source)
            self.marked.add(_REFERENCE.sub(lambda found: unescape(found.group()), self.source[position:end]))
            position = end if bracket < 0 else self.tag(bracket)
        if self.stack:
            raise _broken(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')
        return self.marked.finished()

    def tag(self, position: int) -> int:
        match = _TAG.match(self.source, position)
        if match is None:
            raise self.malformed(position)
        closing, name = match.group(1), match.group(2).lower()
        if closing:
            self.close(name, position)
        else:
            self.open(name, match.group(3), position)
        return match.end()

    def malformed(self, position: int) -> Exception:
        name = re.match(r"</?([a-zA-Z0-9-]*)", self.source[position:])
        word = name.group(1).lower() if name else ""
        if ">" not in self.source[position:] and word in _KINDS:
            return _broken(f"Unclosed start tag at byte offset {self.at(position)}")
        if self.source.startswith("</", position):
            return _broken(f"Unexpected end tag at byte offset {self.at(position)}")
        return _broken(f'Unsupported start tag "{word}" at byte offset {self.at(position)}')

    def open(self, name: str, raw: str, position: int) -> None:
        if name not in _KINDS:
            raise _broken(f'Unsupported start tag "{name}" at byte offset {self.at(position)}')
        found = {m.group(1).lower(): unescape(m.group(2) or m.group(3) or m.group(4) or "")
                 for m in _ATTRIBUTE.finditer(raw)}  # fmt: skip
        if name == "span" and found.get("class") != "tg-spoiler":
            raise _broken(f'Tag "span" must have class "tg-spoiler" at byte offset {self.at(position)}')
        self.stack.append(_Open(tag=name, start=self.marked.length, attributes=found))

    def close(self, name: str, position: int) -> None:
        if not self.stack:
            raise _broken(f"Unexpected end tag at byte offset {self.at(position)}")
        opened = self.stack.pop()
        if opened.tag != name:
            raise _broken(
                f'Unmatched end tag at byte offset {self.at(position)}, expected "</{opened.tag}>", found "</{name}>"'
            )
        kind, extra = _KINDS[name], {}
        if name == "a":
            if not (url := opened.attributes.get("href", "")):
                return
            extra["url"] = url
        elif name == "blockquote" and "expandable" in opened.attributes:
            kind = "expandable_blockquote"
        elif name == "tg-emoji":
            extra["custom_emoji_id"] = opened.attributes.get("emoji-id", "")
        elif name == "code" and self.stack and self.stack[-1].tag == "pre":
            return
        self.marked.span(kind, opened.start, **extra)


def read_html(source: str) -> tuple[str, list[Json]]:
    """Return text and entities. Raises Rejected 400 «can't parse entities: …» like the server."""
    return _Reader(source).read()


def loose_ampersand(source: str) -> bool:
    """Tell whether the HTML holds a bare `&`: the server tolerates it, its documentation forbids it."""
    return _LOOSE_AMPERSAND.search(source) is not None
