"""Rendered text as stretches of one style each, for a messenger or a page to format."""

from enum import StrEnum
from typing import NamedTuple


class SpanStyle(StrEnum):
    """The styles of a stretch of text."""

    PLAIN = "plain"
    BOLD = "bold"
    CODE = "code"
    LINK = "link"


class Span(NamedTuple):
    """A stretch of text in one style; ``href`` is set for links. The text is not markup: the edges escape it."""

    text: str
    style: SpanStyle = SpanStyle.PLAIN
    href: str = ""


def plain(spans: tuple[Span, ...]) -> str:
    """Return the plain text; an address follows the label of its link."""
    return "".join(
        f"{span.text} ({span.href})" if span.style is SpanStyle.LINK and span.href != span.text else span.text
        for span in spans
    )


def merged(spans: list[Span]) -> tuple[Span, ...]:
    """Return the spans with neighbours of one style joined and empty ones left out."""
    result: list[Span] = []
    for span in spans:
        if not span.text:
            continue
        if result and span.style is result[-1].style and span.style is not SpanStyle.LINK:
            # Two codes are never merged: each stands inside its own isolates.
            result[-1] = Span(result[-1].text + span.text, span.style)
        else:
            result.append(span)
    return tuple(result)
