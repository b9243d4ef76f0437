"""Formatted text as each messenger reads it: what passes, what is refused with which sentence, what stays literal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.markup.bale import read_bale, shown_literally
from emulator.markup.html import loose_ampersand, read_html
from emulator.markup.markdown import read_markdown, read_markdown_v2
from emulator.markup.spans import cut, settle, units
from emulator.wire import Rejected


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<h1>a</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("سن < ۵", 'Unsupported start tag "" at byte offset 5'),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler"'),
        ("<br>", 'Unsupported start tag "br"'),
        ("<b", "Unclosed start tag at byte offset 0"),
    ],
)
def test_html_is_refused_in_the_servers_words(source: str, why: str) -> None:
    with pytest.raises(Rejected) as refusal:
        read_html(source)
    assert refusal.value.description.startswith(f"Bad Request: can't parse entities: {why}")


def test_html_gives_entities_in_utf16_units() -> None:
    text, entities = read_html(
        ' 😀 <b>نوبت <i>شما</i></b> <code>a&lt;b&amp;</code> <a href="https://a.ir/?x=1&amp;y=2">راه</a> '
    )
    assert text == "😀 نوبت شما a<b& راه"
    assert [(e["type"], cut(text, e)) for e in entities] == [
        ("bold", "نوبت شما"), ("italic", "شما"), ("code", "a<b&"), ("text_link", "راه"),
    ]  # fmt: skip
    assert entities[0]["offset"] == 3
    assert entities[-1]["url"] == "https://a.ir/?x=1&y=2"


def test_html_quotes_and_code_blocks() -> None:
    text, entities = read_html('<blockquote expandable>بلند</blockquote><pre><code class="language-py">x</code></pre>')
    assert [e["type"] for e in entities] == ["expandable_blockquote", "pre"]
    assert text == "بلندx"


def test_a_bare_ampersand_is_tolerated_but_noticed() -> None:
    assert read_html("a & b")[0] == "a & b"
    assert loose_ampersand("a & b")
    assert not loose_ampersand("a &amp; b &#39;")


def test_links_commands_and_mentions_are_found_outside_code() -> None:
    text, entities = settle("/start https://a.ir/x @mizban_bot", [])
    assert [(e["type"], cut(text, e)) for e in entities] == [
        ("bot_command", "/start"), ("url", "https://a.ir/x"), ("mention", "@mizban_bot"),
    ]  # fmt: skip
    assert [e["type"] for e in read_html("<code>/start</code>")[1]] == ["code"]


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("a.", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("*a", "Can't find end of Bold entity at byte offset 0"),
        ("`a", "Can't find end of Code entity at byte offset 0"),
        ("[a](b", "Can't find end of a URL"),
    ],
)
def test_markdown_v2_is_strict(source: str, why: str) -> None:
    with pytest.raises(Rejected) as refusal:
        read_markdown_v2(source)
    assert why in refusal.value.description


def test_both_telegram_markdowns() -> None:
    text, entities = read_markdown_v2(r"*a* _b_ __c__ ~d~ ||e|| `f` [g](https://a.ir) h\.")
    assert text == "a b c d e f g h."
    assert [e["type"] for e in entities] == [
        "bold", "italic", "underline", "strikethrough", "spoiler", "code", "text_link",
    ]  # fmt: skip
    text, entities = read_markdown(r"*a* _b_ `c` [d](https://a.ir) e\_f")
    assert (text, [e["type"] for e in entities]) == ("a b c d e_f", ["bold", "italic", "code", "text_link"])
    with pytest.raises(Rejected, match="Can't find end of the entity starting at byte offset 0"):
        read_markdown("*a")


@pytest.mark.parametrize(
    ("source", "text", "kinds"),
    [
        ("سلام *دوست* من", "سلام دوست من", ["bold"]),
        ("*نوبت*\n_کج_", "نوبت\nکج", ["bold", "italic"]),
        ("قیمت*ها*", "قیمت*ها*", []),
        ("*دوست*من", "*دوست*من", []),
        (r"\*ستاره\* a\_b", "*ستاره* a_b", []),
        ("[راه](https://a.ir)", "راه", ["text_link"]),
        (r"\[راه\](x)", "[راه](x)", []),
        ("<b>a</b> `b`", "<b>a</b> `b`", []),
        ("```[عنوان]متن```", "عنوان\nمتن", ["expandable_blockquote"]),
        ("2 * 3 * 4", "2 * 3 * 4", []),
    ],
)
def test_bale_reads_everything_as_markdown(source: str, text: str, kinds: list[str]) -> None:
    seen, entities = read_bale(source)
    assert (seen, [e["type"] for e in entities]) == (text, kinds)


def test_markup_seen_as_characters_is_noticed() -> None:
    assert shown_literally("قیمت*ها*", read_bale("قیمت*ها*")[0]) == "*ها*"
    assert shown_literally("<b>a</b>", "<b>a</b>") == "<b>"
    assert shown_literally(r"\*a\*", read_bale(r"\*a\*")[0]) == ""
    assert shown_literally("*a* 2 * 3", read_bale("*a* 2 * 3")[0]) == ""


@given(st.text(alphabet="ab *_[]()`\\😀\nن", max_size=40))
def test_bale_never_refuses_and_entities_stay_inside(source: str) -> None:
    text, entities = read_bale(source)
    assert all(e["offset"] >= 0 and e["offset"] + e["length"] <= units(text) for e in entities)


@given(st.text(max_size=40))
def test_escaped_text_reads_back(source: str) -> None:
    escaped = "".join(f"\\{char}" if char in r"\*_[]()`" else char for char in source)
    assert read_bale(escaped)[0] == source.strip()
