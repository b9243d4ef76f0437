"""Converts styled text to a messenger's markup (HTML, Markdown or none) and splits it into messages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from html import escape
from typing import Final

from bot.channels.bale_markdown import as_markdown
from bot.channels.port import Markup
from desk.language.spans import Span, SpanStyle, plain

Dress = Callable[[Sequence[Span]], str]

_RLM: Final = "\u200f"
_OPENED: Final = ("https://", "http://", "tg://")
_CUTS: Final = (re.compile(r"\n\n+"), re.compile(r"\n"), re.compile(r"[.؟!؛]\s"), re.compile(r"\s"))


def units(text: str) -> int:
    """The length in UTF-16 units, which both messengers count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def as_html(spans: Sequence[Span]) -> str:
    """Telegram's HTML. Every `<`, `>` and `&` of a text is escaped, so no value can become a tag."""
    pieces: list[str] = []
    for text, style, href in spans:
        safe = escape(text, quote=False)
        if style is SpanStyle.BOLD:
            safe = f"<b>{safe}</b>"
        elif style is SpanStyle.CODE:
            safe = f"<code>{safe}</code>"
        elif style is SpanStyle.LINK:
            safe = f'<a href="{escape(href)}">{safe}</a>' if href.startswith(_OPENED) else escape(_spelt(text, href))
        pieces.append(safe)
    return "".join(pieces)


def _spelt(text: str, href: str) -> str:
    return plain((Span(text, SpanStyle.LINK, href),))


def as_plain(spans: Sequence[Span]) -> str:
    """The bare text; an address stays readable behind its label."""
    return plain(tuple(spans))


DRESSES: Final[dict[Markup, Dress]] = {"html": as_html, "markdown": as_markdown, "plain": as_plain}


def right_to_left(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """The text with a strong right-to-left character first: messengers choose the direction by it."""
    if not spans:
        return spans
    first = spans[0]
    if unicodedata.bidirectional(first.text[0]) in ("R", "AL"):
        return spans
    if first.style in (SpanStyle.PLAIN, SpanStyle.BOLD):
        return (first._replace(text=_RLM + first.text), *spans[1:])
    return (Span(_RLM), *spans)


def in_messages(spans: tuple[Span, ...], *, dress: Dress, longest: int) -> tuple[str, ...]:
    """The formatted text in parts of at most `longest` UTF-16 units, split at the end of a paragraph, line, sentence
    or word."""
    whole = dress(spans)
    if len(whole) * 2 <= longest or units(whole) <= longest:
        return (whole,) if whole.strip() else ()
    pieces: list[str] = []
    rest = spans
    while rest:
        end = _longest_fit(rest, dress, longest)
        pieces.append(dress(_cut(rest, 0, end)).strip())
        rest = _without_leading_space(_cut(rest, end, None))
    return tuple(piece for piece in pieces if piece)


def _longest_fit(spans: tuple[Span, ...], dress: Dress, longest: int) -> int:
    """The number of characters that fit into one message, ending at the best place to split."""
    text = "".join(span.text for span in spans)
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if units(dress(_cut(spans, 0, middle))) <= longest:
            low = middle
        else:
            high = middle - 1
    if low == len(text):
        return low
    for pattern in _CUTS:
        ends = [found.end() for found in pattern.finditer(text, low // 2, low)]
        if ends:
            return ends[-1]
    return low


def _cut(spans: tuple[Span, ...], start: int, end: int | None) -> tuple[Span, ...]:
    """The characters from `start` to before `end`, in their styles."""
    kept: list[Span] = []
    position = 0
    for span in spans:
        after = position + len(span.text)
        text = span.text[max(0, start - position) : None if end is None else max(0, end - position)]
        if text and after > start:
            kept.append(span._replace(text=text))
        position = after
    return tuple(kept)


def _without_leading_space(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    while spans:
        text = spans[0].text.lstrip()
        if text:
            return right_to_left((spans[0]._replace(text=text), *spans[1:]))
        spans = spans[1:]
    return spans
