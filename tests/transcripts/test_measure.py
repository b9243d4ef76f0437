"""The measure of a screen: each kind of excess is seen, and each exception is a sentence that exists."""

from __future__ import annotations

import pytest

from bot.dialogue.says import Button, Says
from desk.language.text import Locale, Param, lines, words
from tests.language.test_house_words import shown
from tests.transcripts.measure import SAYS_MORE, faults

_ = words("book")
_common = words("common")
_ticket = words("ticket")
ONE = _("Shall we book this turn?")


@pytest.mark.parametrize(
    ("text", "rows", "fault"),
    [
        (lines(ONE, ONE, ONE, ONE), (), "fa: 4 sentences"),
        (lines(*[_common("We go on here.")] * 6), (), "fa_AF: 6 sentences"),
        (_("The time that you chose:"), tuple((Button(ONE, f"r1.{n}"),) for n in range(8)), "8 buttons"),
        (ONE, ((Button(_("No service takes turns here now."), "r1.a"),),), "fa: the button"),
        (lines(ONE, "این پروندهٔ شماست."), (), "fa: «پرونده» frightens"),
        (" ".join(["کلمه"] * 17), (), "fa: a long sentence"),
    ],
)
def test_each_excess_is_seen(text: Param, rows: tuple[tuple[Button, ...], ...], fault: str) -> None:
    assert any(found.startswith(fault) for found in faults(Says(text, rows)))


def test_what_is_within_the_measure_is_left_alone() -> None:
    assert faults(Says(lines(ONE, ONE, ONE), ((Button(_("✅ This is good"), "r1.a"),),))) == []
    assert faults(Says(lines(*[_common("We go on here.")] * 5))) == [], "a reply above a question"
    ticket = _ticket("🎫 **The turn of {person}**", person="لیلا")
    assert faults(Says(lines(ticket, *[ONE] * 6))) == [], "the ticket says everything"


def test_every_exception_is_a_sentence_with_its_reason() -> None:
    assert SAYS_MORE.keys() <= shown(Locale.FA).keys()
    assert all(SAYS_MORE.values())
