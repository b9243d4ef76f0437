"""No value can become markup, nothing is too long, and every message begins on the right side."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels.bale_markdown import as_markdown, escaped
from bot.channels.markup import as_html, as_plain, in_messages, right_to_left, units
from desk.language.spans import Span, SpanStyle
from emulator.markup.bale import read_bale, shown_literally
from emulator.markup.html import loose_ampersand, read_html

SIGNS = "*_[]()`\\<>&\"'/ \n.,:؟؛-abسلام۱۲9\u2066\u2069\u200c😀"
PIECES = st.one_of(st.sampled_from(SIGNS), st.sampled_from(["](http://x.y/)", "```", " *", "* "]))
NASTY = st.lists(PIECES, max_size=25).map("".join)
TEXTS = st.one_of(NASTY, st.text(max_size=30))
MARKING = {
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "code",
    "pre",
    "text_link",
    "expandable_blockquote",
}


def span(text: str, style: SpanStyle) -> Span:
    return Span(text, style, "https://example.com/a_b(c)*d*" if style is SpanStyle.LINK else "")


SPANS = st.lists(st.builds(span, TEXTS.filter(bool), st.sampled_from(list(SpanStyle))), min_size=1, max_size=6).map(
    tuple
)


def kinds(entities: list[dict[str, object]]) -> set[object]:
    return {entity["type"] for entity in entities if entity["type"] in MARKING}


@given(TEXTS)
def test_a_value_is_never_markup_in_html(value: str) -> None:
    visible, entities = read_html(as_html((Span(value),)))
    assert visible == value.strip()
    assert not kinds(entities)


@given(TEXTS)
def test_a_value_is_never_markup_on_bale(value: str) -> None:
    visible, entities = read_bale(as_markdown((Span(value),)))
    assert visible == value.strip()
    assert not kinds(entities)


def test_unescaped_values_would_be_markup_on_bale() -> None:
    assert kinds(read_bale("*so* [a](http://x) ```b```")[1]) == {"bold", "text_link", "expandable_blockquote"}


@given(SPANS)
def test_html_is_always_valid_and_shows_every_letter(spans: tuple[Span, ...]) -> None:
    source = as_html(spans)
    visible, _ = read_html(source)
    assert visible == "".join(piece.text for piece in spans).strip()
    assert not loose_ampersand(source)


@given(SPANS)
@example((Span("0", SpanStyle.CODE), Span("*\n", SpanStyle.LINK, "https://example.com/")))
def test_bale_shows_every_letter_and_no_mark_of_ours(spans: tuple[Span, ...]) -> None:
    source = as_markdown(spans)
    visible, entities = read_bale(source)

    def letters(text: str) -> str:
        # Codes move to their own line, a link's label loses its line breaks, punctuation after a code may go.
        return "".join(sign for sign in text if sign.isalnum())

    # A label of punctuation alone may go behind a code, and then the address is written out.
    nameless = [piece for piece in spans if piece.style is SpanStyle.LINK and not letters(piece.text)]
    if not nameless:
        assert letters(visible) == letters("".join(piece.text for piece in spans))
    assert kinds(entities) <= {"bold", "text_link"}
    bold = {piece.style for piece in spans}
    assert SpanStyle.BOLD in bold or "bold" not in kinds(entities)


@pytest.mark.parametrize(
    ("spans", "source"),
    [
        ((Span("a "), Span("b", SpanStyle.BOLD), Span(" c")), "a *b* c"),
        ((Span("روز "), Span("شنبه", SpanStyle.BOLD), Span("، ساعت")), "روز *شنبه،* ساعت"),
        ((Span("«"), Span("شنبه", SpanStyle.BOLD), Span("»")), "*«شنبه»*"),
        ((Span("نا"), Span("شنبه", SpanStyle.BOLD)), "ناشنبه"),
        ((Span("یک\nدو", SpanStyle.BOLD),), "*یک*\n*دو*"),
        ((Span(" یک ", SpanStyle.BOLD), Span("دو")), " *یک* دو"),
        ((Span("a\\", SpanStyle.BOLD),), "a\\\\"),
        ((Span("هزینه (۲۷۰٬۰۰۰ ریال)"),), "هزینه (۲۷۰٬۰۰۰ ریال)"),
        ((Span("[a](b)"),), "\\[a\\]\\(b)"),
    ],
)
def test_bold_on_bale_stands_between_spaces(spans: tuple[Span, ...], source: str) -> None:
    assert as_markdown(spans) == source
    assert not shown_literally(source, read_bale(source)[0])


@pytest.mark.parametrize(
    ("before", "after", "source"),
    [
        ("کد: \u2066", "\u2069\n🕘 شنبه", "کد:\n\u2066۱۲۳\u2069\n🕘 شنبه"),
        ("کد: \u2066", "\u2069.", "کد:\n\u2066۱۲۳\u2069"),
        ("کد \u2066", "\u2069 را نگه دارید.", "کد\n\u2066۱۲۳\u2069\nرا نگه دارید."),
        ("\u2066", "\u2069", "\u2066۱۲۳\u2069"),
    ],
)
def test_a_code_on_bale_stands_alone_on_its_line(before: str, after: str, source: str) -> None:
    assert as_markdown((Span(before), Span("۱۲۳", SpanStyle.CODE), Span(after))) == source


def test_two_codes_keep_their_isolates() -> None:
    spans = (
        Span("\u2066"),
        Span("۱۲", SpanStyle.CODE),
        Span("\u2069 \u2066"),
        Span("۳۴", SpanStyle.CODE),
        Span("\u2069"),
    )
    assert as_markdown(spans) == "\u2066۱۲\u2069\n\u2066۳۴\u2069"


def test_styles_in_html() -> None:
    link = Span("نقشه", SpanStyle.LINK, 'https://x.y/?a="1"&b=2')
    spans = (
        Span("a", SpanStyle.BOLD),
        Span("۱۲", SpanStyle.CODE),
        link,
        Span("بد", SpanStyle.LINK, "javascript:alert(1)"),
    )
    assert as_html(spans) == (
        '<b>a</b><code>۱۲</code><a href="https://x.y/?a=&quot;1&quot;&amp;b=2">نقشه</a>بد (javascript:alert(1))'
    )


@given(SPANS)
def test_every_message_begins_right_to_left(spans: tuple[Span, ...]) -> None:
    marked = right_to_left(spans)
    first = as_plain(marked)[0]
    assert first == "\u200f" or unicodedata.bidirectional(first) in ("R", "AL")
    assert as_plain(marked).removeprefix("\u200f") == as_plain(spans).removeprefix("\u200f")


def unread(source: str) -> tuple[str, list[Any]]:
    return source, []


@pytest.mark.parametrize("dress", [as_html, as_markdown, as_plain])
@given(spans=SPANS, longest=st.integers(40, 60), times=st.integers(1, 6))
def test_no_piece_is_too_long_and_nothing_is_lost(dress, spans, longest, times) -> None:  # type: ignore[no-untyped-def]  # hypothesis fills them in
    spans = tuple(piece for _ in range(times) for piece in spans if piece.style is not SpanStyle.LINK)
    pieces = in_messages(spans, dress=dress, longest=longest)
    assert all(0 < units(piece) <= longest for piece in pieces)
    readers: dict[Any, Callable[[str], tuple[str, list[Any]]]] = {as_html: read_html, as_markdown: read_bale}
    read = readers.get(dress, unread)
    seen = "".join(sign for piece in pieces for sign in read(piece)[0] if sign.isalnum())
    assert seen == "".join(sign for piece in spans for sign in piece.text if sign.isalnum())


def test_a_long_text_is_cut_at_a_paragraph() -> None:
    paragraph = "سلام دنیا. " * 20
    spans = (Span(f"{paragraph}\n\n{paragraph}\n\n"), Span(paragraph, SpanStyle.BOLD))
    pieces = in_messages(spans, dress=as_html, longest=500)
    assert len(pieces) == 2
    assert pieces[0] == f"{paragraph}\n\n{paragraph}".strip()
    assert pieces[1].startswith("<b>سلام")


def test_lengths_are_counted_in_utf_16() -> None:
    assert units("😀a") == 3
    assert len(in_messages((Span("😀" * 30),), dress=as_plain, longest=40)) == 2


@given(TEXTS)
def test_escaping_is_undone_by_the_reader(value: str) -> None:
    assert read_bale(escaped(value))[0] == value.strip()
