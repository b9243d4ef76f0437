"""What a rendered text is made of: stretches of one style, for a messenger or a page to dress."""

from enum import StrEnum
from typing import NamedTuple


class Style(StrEnum):
    """How a stretch is shown."""

    PLAIN = "plain"
    BOLD = "bold"
    CODE = "code"
    LINK = "link"


class Span(NamedTuple):
    """A stretch of text in one style; ``href`` is set for links. The text is no markup; edges escape it."""

    text: str
    style: Style = Style.PLAIN
    href: str = ""


def plain(spans: tuple[Span, ...]) -> str:
    """Return the bare text; an address stays readable behind its label."""
    return "".join(
        f"{span.text} ({span.href})" if span.style is Style.LINK and span.href != span.text else span.text
        for span in spans
    )


def merged(spans: list[Span]) -> tuple[Span, ...]:
    """Return the spans with neighbours of one style joined and empty ones left out."""
    result: list[Span] = []
    for span in spans:
        if not span.text:
            continue
        if result and span.style is result[-1].style and span.style is not Style.LINK:
            # Two codes never touch: each stands inside its own isolates.
            result[-1] = Span(result[-1].text + span.text, span.style)
        else:
            result.append(span)
    return tuple(result)
