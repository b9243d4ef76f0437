"""The markup of messages: ``{name}`` placeholders, ``**bold**``, doubled braces; each message is parsed once."""

import re
from typing import NamedTuple

_MARK = re.compile(r"\*\*|\{\{|\}\}|\{([a-z_][a-z0-9_]*)\}")


class TemplatePiece(NamedTuple):
    """A stretch of a message: literal text, or the name of a parameter when ``is_name``."""

    text: str
    is_name: bool
    bold: bool


def parse(message: str) -> tuple[TemplatePiece, ...]:
    """Return the pieces of ``message``; braces that hold no name are literal text."""
    pieces: list[TemplatePiece] = []
    literal = ""
    bold = False
    place = 0
    for mark in _MARK.finditer(message):
        literal += message[place : mark.start()]
        place = mark.end()
        sign = mark[0]
        if sign in ("{{", "}}"):
            literal += sign[0]
            continue
        if literal:
            pieces.append(TemplatePiece(literal, is_name=False, bold=bold))
            literal = ""
        if sign == "**":
            bold = not bold
        else:
            pieces.append(TemplatePiece(mark[1], is_name=True, bold=bold))
    literal += message[place:]
    if literal:
        pieces.append(TemplatePiece(literal, is_name=False, bold=bold))
    return tuple(pieces)


def names_in(message: str) -> frozenset[str]:
    """Return the names of the placeholders in ``message``."""
    return frozenset(piece.text for piece in parse(message) if piece.is_name)


def marks_in(message: str) -> int:
    """Return how many ``**`` marks ``message`` holds; an odd number is a mistake."""
    return message.count("**")
