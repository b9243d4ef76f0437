"""Formats text as Bale's Markdown: bold between spaces, links, escapes, and codes on lines of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from desk.language.spans import Span, SpanStyle, plain

# That Bale unescapes the round bracket is not proved, and it has a meaning only after a square one: it is escaped only
# there, so that prices in brackets never show a backslash.
_MARKS: Final = re.compile(r"[\\*_\[\]`]|(?<=\])\(")
_PUNCTUATION_AFTER: Final = re.compile(r"[^\w\s]+(?=\s|$)")
_PUNCTUATION_BEFORE: Final = re.compile(r"(?:(?<=\s)|^)[^\w\s]+$")
_ONLY_PUNCTUATION: Final = re.compile(r"[^\w\n]*(?=\n|$)")
_OPENERS: Final = "\u2066\u2067\u2068"
_CLOSER: Final = "\u2069"
_URL_MARKS: Final = str.maketrans({"(": "%28", ")": "%29", " ": "%20", "\\": "%5C", "\n": "", "*": "%2A"})


def as_markdown(spans: Sequence[Span]) -> str:
    """The text for Bale: no value can become markup, and no mark of ours is displayed as a character."""
    pieces = _bold_between_spaces(_codes_on_own_lines(spans))
    dressed: list[str] = []
    for place, span in enumerate(pieces):
        if span.style is SpanStyle.BOLD:
            before = _edge(pieces[place - 1], -1) if place else ""
            after = _edge(pieces[place + 1], 0) if place + 1 < len(pieces) else ""
            dressed.append(_bold(span.text, before=before, after=after))
        elif span.style is SpanStyle.LINK:
            dressed.append(_link(span))
        else:
            dressed.append(escaped(span.text))
    return "".join(dressed)


def escaped(text: str) -> str:
    """The text with a backslash before everything that Bale would read as markup."""
    return _MARKS.sub(lambda mark: "\\" + mark[0], text)


def _link(span: Span) -> str:
    label = span.text.replace("\n", " ").strip()
    if not label or not span.href.startswith(("https://", "http://")):
        return escaped(plain((span,)))
    return f"[{escaped(label)}]({span.href.translate(_URL_MARKS)})"


def _edge(neighbour: Span, place: int) -> str:
    return "[" if neighbour.style is SpanStyle.LINK else neighbour.text[place]


def _bold(text: str, *, before: str, after: str) -> str:
    """Each line in bold where spaces or line ends surround it; else plain, since the marks would be displayed."""
    if "\\" in text:
        return escaped(text)
    lines = text.split("\n")
    dressed: list[str] = []
    for place, line in enumerate(lines):
        core = line.strip()
        lead, trail = line[: len(line) - len(line.lstrip())], line[len(line.rstrip()) :] if core else ""
        is_open = bool(lead) or place > 0 or not before or before.isspace()
        is_closed = bool(trail) or place < len(lines) - 1 or not after or after.isspace()
        dressed.append(f"{lead}*{escaped(core)}*{trail}" if core and is_open and is_closed else escaped(line))
    return "\n".join(dressed)


def _bold_between_spaces(spans: Sequence[Span]) -> list[Span]:
    """Extend a bold piece over the punctuation that touches it, so that a space follows the mark."""
    pieces: list[Span] = []
    for span in spans:
        last = pieces[-1] if pieces else None
        if span.style is SpanStyle.BOLD and last is not None and last.style is SpanStyle.PLAIN:
            touching = _PUNCTUATION_BEFORE.search(last.text)
            if touching:
                pieces[-1] = last._replace(text=last.text[: touching.start()])
                span = span._replace(text=touching[0] + span.text)  # noqa: PLW2901  # the piece as it is dressed
        elif span.style is SpanStyle.PLAIN and last is not None and last.style is SpanStyle.BOLD:
            touching = _PUNCTUATION_AFTER.match(span.text)
            if touching:
                pieces[-1] = last._replace(text=last.text + touching[0])
                span = span._replace(text=span.text[touching.end() :])  # noqa: PLW2901  # as above
        pieces.append(span)
    return [piece for piece in pieces if piece.text]


def _codes_on_own_lines(spans: Sequence[Span]) -> list[Span]:
    """Codes as isolated plain digits on lines of their own, from which they are easiest to copy on Bale."""
    pieces: list[Span] = []
    after_code = False
    for text, style, href in spans:
        if style is not SpanStyle.CODE:
            if after_code:
                text = _after_a_code(text)  # noqa: PLW2901  # the rest of the line moves down
            if text:
                pieces.append(Span(text, style, href))
            after_code = False
            continue
        before = pieces.pop() if pieces and pieces[-1].style is not SpanStyle.LINK else Span("")
        body = before.text.rstrip(" " + _OPENERS)
        isolates = "".join(sign for sign in before.text[len(body) :] if sign in _OPENERS)
        broken = "\n" if (body or pieces) and not body.endswith("\n") else ""
        if body:
            pieces.append(before._replace(text=body))
        pieces.append(Span(broken + isolates + text + _CLOSER * len(isolates)))
        after_code = True
    return pieces


def _after_a_code(text: str) -> str:
    rest = text.lstrip(_CLOSER + " ")
    alone = _ONLY_PUNCTUATION.match(rest)
    if alone and not any(sign in _OPENERS for sign in alone[0]):
        rest = rest[alone.end() :]
    return rest if not rest or rest.startswith("\n") else "\n" + rest
