"""Telegram's two Markdown modes, MarkdownV2 and the legacy one, with the server's error sentences."""

from emulator.markup.spans import Marked
from emulator.wire import Json, bad_request

_RESERVED = set("_*[]()~`>#+-=|{}.!")
_V2 = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}


def _broken(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")


def _offset(source: str, position: int) -> int:
    return len(source[:position].encode())


class _V2Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.marked = Marked()
        self.stack: list[tuple[str, int, int]] = []
        self.position = 0

    def read(self) -> tuple[str, list[Json]]:
        while self.position < len(self.source):
            self.step()
        if self.stack:
            token, _, position = self.stack[-1]
            name = {"[": "TextUrl"}.get(token) or _V2[token].capitalize()
            raise _broken(f"Can't find end of {name} entity at byte offset {_offset(self.source, position)}")
        return self.marked.finished()

    def step(self) -> None:
        source, here = self.source, self.position
        char = source[here]
        if char == "\\" and here + 1 < len(source) and 0 < ord(source[here + 1]) < 127:
            self.marked.add(source[here + 1])
            self.position += 2
        elif char == "`":
            self.code()
        elif source.startswith(("__", "||"), here):
            self.toggle(source[here : here + 2])
        elif char in _V2:
            self.toggle(char)
        elif char == "[" or (char == "]" and self.stack and self.stack[-1][0] == "["):
            self.link(char)
        elif char == ">" and (here == 0 or source[here - 1] == "\n"):
            self.position += 1
        elif char in _RESERVED:
            raise _broken(f"Character '{char}' is reserved and must be escaped with the preceding '\\'")
        else:
            self.marked.add(char)
            self.position += 1

    def toggle(self, token: str) -> None:
        if self.stack and self.stack[-1][0] == token:
            _, start, _ = self.stack.pop()
            self.marked.span(_V2[token], start)
        else:
            self.stack.append((token, self.marked.length, self.position))
        self.position += len(token)

    def code(self) -> None:
        fence = "```" if self.source.startswith("```", self.position) else "`"
        kind = "pre" if fence == "```" else "code"
        end = self.source.find(fence, self.position + len(fence))
        if end < 0:
            name = "Pre" if kind == "pre" else "Code"
            raise _broken(f"Can't find end of {name} entity at byte offset {_offset(self.source, self.position)}")
        start = self.marked.length
        inside = self.source[self.position + len(fence) : end]
        self.marked.add(inside.replace("\\`", "`").replace("\\\\", "\\"))
        self.marked.span(kind, start)
        self.position = end + len(fence)

    def link(self, char: str) -> None:
        if char == "[":
            self.stack.append(("[", self.marked.length, self.position))
            self.position += 1
            return
        _, start, position = self.stack.pop()
        end = self.source.find(")", self.position)
        if not self.source.startswith("](", self.position) or end < 0:
            raise _broken(f"Can't find end of a URL at byte offset {_offset(self.source, position)}")
        self.marked.span("text_link", start, url=self.source[self.position + 2 : end].replace("\\", ""))
        self.position = end + 1


def read_markdown_v2(source: str) -> tuple[str, list[Json]]:
    """Return text and entities of MarkdownV2. Raises Rejected 400 like the server."""
    return _V2Reader(source).read()


def read_markdown(source: str) -> tuple[str, list[Json]]:
    """Return text and entities of the legacy Markdown mode. Raises Rejected 400 like the server."""
    marked, position = Marked(), 0
    while position < len(source):
        char = source[position]
        if char == "\\" and source[position + 1 : position + 2] in {"_", "*", "`", "["}:
            marked.add(source[position + 1])
            position += 2
        elif char in "_*`[":
            position = _legacy_entity(source, position, marked)
        else:
            marked.add(char)
            position += 1
    return marked.finished()


def _legacy_entity(source: str, position: int, marked: Marked) -> int:
    fence = "```" if source.startswith("```", position) else {"[": "]"}.get(source[position], source[position])
    opened = 3 if fence == "```" else 1
    end = source.find(fence, position + opened)
    if end < 0:
        raise _broken(f"Can't find end of the entity starting at byte offset {_offset(source, position)}")
    start = marked.length
    marked.add(source[position + opened : end])
    after = end + len(fence)
    if fence != "]":
        marked.span({"*": "bold", "_": "italic", "`": "code", "```": "pre"}[fence], start)
    elif source.startswith("(", after) and (closing := source.find(")", after)) > 0:
        marked.span("text_link", start, url=source[after + 1 : closing])
        after = closing + 1
    return after
