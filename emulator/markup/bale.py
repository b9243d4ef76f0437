"""Bale's Markdown, which every text is read as: bold and italic set off by spaces, links, the fenced note."""

import re

from emulator.markup.spans import Marked, settle
from emulator.wire import Json

_ESCAPABLE = set("*_[]()`\\")
_LINK = re.compile(r"\[((?:\\.|[^\[\]\\\n])+)\]\(((?:\\.|[^()\s\\])+)\)")
_NOTE = re.compile(r"```(?:\[([^\]\n]*)\])?(.*?)```", re.DOTALL)
_LEFT_OVER = re.compile(r"(?<!\\)\*[^\s*](?:[^*\n]*[^\s*])?\*")
_TAG = re.compile(r"</?(?:b|strong|i|em|u|s|code|pre|a|blockquote)(?:\s[^<>]*)?>", re.IGNORECASE)


def _emphasis_end(source: str, start: int) -> int:
    """Return where the emphasis opened at `start` closes, or -1: it stands between spaces and hugs its words."""
    mark = source[start]
    before = source[start - 1] if start else " "
    if not before.isspace() or start + 1 >= len(source) or source[start + 1].isspace():
        return -1
    position = start + 1
    while (position := source.find(mark, position)) >= 0:
        after = source[position + 1] if position + 1 < len(source) else " "
        if "\n" in source[start:position]:
            return -1
        hugs = position > start + 1 and source[position - 1] != "\\" and not source[position - 1].isspace()
        if hugs and after.isspace():
            return position
        position += 1
    return -1


def _unescaped(source: str) -> str:
    return re.sub(r"\\([*_\[\]()`\\])", r"\1", source)


def read_bale(source: str) -> tuple[str, list[Json]]:
    """Return what a person sees and the entities; nothing is ever refused, odd marks stay as they were written."""
    marked, position = Marked(), 0
    while position < len(source):
        char = source[position]
        if char == "\\" and source[position + 1 : position + 2] in _ESCAPABLE and position + 1 < len(source):
            marked.add(source[position + 1])
            position += 2
        elif char == "[" and (link := _LINK.match(source, position)):
            start = marked.length
            marked.add(_unescaped(link.group(1)))
            marked.span("text_link", start, url=_unescaped(link.group(2)))
            position = link.end()
        elif char == "`" and (note := _NOTE.match(source, position)):
            start = marked.length
            marked.add("\n".join(part for part in (note.group(1), note.group(2).strip()) if part))
            marked.span("expandable_blockquote", start)
            position = note.end()
        elif char in "*_" and (end := _emphasis_end(source, position)) > 0:
            start = marked.length
            inside, nested = read_bale(source[position + 1 : end])
            marked.add(inside)
            marked.entities += [
                {**entity, "offset": entity["offset"] + start} for entity in nested if entity["type"] == "text_link"
            ]
            marked.span("bold" if char == "*" else "italic", start)
            position = end + 1
        else:
            marked.add(char)
            position += 1
    return marked.finished()


def plain(source: str) -> tuple[str, list[Json]]:
    """Return a text that is not markup (what people write), with links and commands found."""
    return settle(source, [])


def shown_literally(source: str, visible: str) -> str:
    """Return the markup that a person would see as characters («*so*» or «<b>»), empty when there is none."""
    if (tag := _TAG.search(source)) is not None:
        return tag.group()
    for left in _LEFT_OVER.finditer(source):
        if left.group() in visible:
            return left.group()
    return ""
