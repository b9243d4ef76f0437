"""What the bot says becomes what one messenger can show: keyboards, captions, pins, and the fallbacks for each."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.channels.port import Capabilities
from bot.channels.render import CLEARED, Rendered, Renderer
from bot.dialogue.says import Button, ButtonStyle, CodePicture, Pin, Says
from desk.codes import CodeKind, TrackingCode
from desk.language.language import Language
from desk.language.text import Latin, Locale, Near, paragraphs
from desk.reading.codes import read_code
from desk.values import GeoPoint, LocalDay
from tests.channels.talking import NOON, FixedClock, button, fa

TELEGRAM = Capabilities(markup="html", styles=True, copy_buttons=True, venues=True, protects_content=True)
BALE = Capabilities(markup="markdown")
KARAJ = GeoPoint(35.84, 50.94)


def rendered(language: Language, says: Says, can: Capabilities = TELEGRAM, locale: Locale = Locale.FA) -> Rendered:
    return Renderer(language=language, capabilities=can, clock=FixedClock()).render(says, locale=locale)


def keyboard(language: Language, says: Says, can: Capabilities = TELEGRAM) -> Any:
    shown = rendered(language, says, can).keyboard
    return json.loads(shown) if shown else None


def test_buttons_with_and_without_the_extras(language: Language) -> None:
    confirm = Button(fa("بله"), "y", ButtonStyle.CONFIRM)
    copy = Button(fa("کپی"), copies="482173051")
    says = Says(fa("سلام"), rows=((confirm, Button(fa("نه"), "n", ButtonStyle.DANGER)), (copy,), ()))
    assert keyboard(language, says)["inline_keyboard"] == [
        [
            {"text": "بله", "callback_data": "y", "style": "success"},
            {"text": "نه", "callback_data": "n", "style": "danger"},
        ],
        [{"text": "کپی", "copy_text": {"text": "482173051"}}],
    ]
    assert keyboard(language, says, BALE)["inline_keyboard"] == [
        [{"text": "بله", "callback_data": "y"}, {"text": "نه", "callback_data": "n"}]
    ]


def test_a_copying_button_with_data_stays_where_nothing_can_be_copied(language: Language) -> None:
    says = Says(fa("سلام"), rows=((Button(fa("کد"), "code", copies="1"),),))
    assert keyboard(language, says, BALE)["inline_keyboard"] == [[{"text": "کد", "callback_data": "code"}]]


def test_no_row_left_means_no_keyboard(language: Language) -> None:
    assert rendered(language, Says(fa("سلام"), rows=((Button(fa("کپی"), copies="1"),), ())), BALE).keyboard == ""


def test_a_label_is_one_line_and_never_empty(language: Language) -> None:
    says = Says(fa("سلام"), rows=((button("یک\nدو", "a"), Button(fa(""), "b"), Button(Latin("SIM 7"), "c")),))
    labels = [entry["text"] for entry in keyboard(language, says)["inline_keyboard"][0]]
    assert labels == ["یک دو", "—", "\u2066SIM 7\u2069"]


def test_data_longer_than_64_bytes_costs_the_button_not_the_message(language: Language) -> None:
    says = Says(fa("سلام"), rows=((button("خوب", "ن" * 32), button("بد", "ن" * 32 + "x")),))
    assert [entry["text"] for entry in keyboard(language, says)["inline_keyboard"][0]] == ["خوب"]


def test_each_bound_is_that_of_the_messenger(language: Language) -> None:
    """Not the one that Telegram and Bale happen to share."""
    can = Capabilities(
        markup="html", copy_buttons=True, longest_data=8, longest_copy=5, longest_text=100, longest_caption=20
    )
    copy = Button(fa("کپی"), copies="482173051")
    says = Says(fa("سلام"), rows=((button("خوب", "12345678"), button("بد", "123456789"), copy),))
    shown = rendered(language, says, can)
    assert json.loads(shown.keyboard)["inline_keyboard"] == [
        [{"text": "خوب", "callback_data": "12345678"}, {"text": "کپی", "copy_text": {"text": "48217"}}]
    ]
    assert "بد" in shown.texts[0], "what has no button is written"
    assert rendered(language, Says(fa("ک" * 20), picture=CodePicture("482173051")), can).is_caption
    assert not rendered(language, Says(fa("ک" * 21), picture=CodePicture("482173051")), can).is_caption
    texts = rendered(language, Says(paragraphs(*(fa("سلام دنیا. " * 6) for _ in range(3)))), can).texts
    assert len(texts) > 1
    assert all(len(text) <= 100 for text in texts)


def test_asking_for_the_place_makes_a_reply_keyboard(language: Language) -> None:
    says = Says(fa("کجا؟"), asks_location=fa("مکان من"), rows=((button("البرز", "x"), button("تهران", "y")), ()))
    shown = rendered(language, says)
    assert json.loads(shown.keyboard) == {
        "keyboard": [[{"text": "مکان من", "request_location": True}], [{"text": "البرز"}, {"text": "تهران"}]],
        "resize_keyboard": True,
        "one_time_keyboard": True,
    }
    assert not shown.replaces


def test_taking_the_reply_keyboard_away(language: Language) -> None:
    bare = rendered(language, Says(fa("خوب"), clears_keyboard=True))
    assert (bare.keyboard, bare.clears_first, bare.replaces) == (CLEARED, False, False)
    with_buttons = rendered(language, Says(fa("خوب"), clears_keyboard=True, rows=((button("بعد", "n"),),)))
    assert "inline_keyboard" in with_buttons.keyboard
    assert with_buttons.clears_first


@pytest.mark.parametrize(
    ("says", "replaces"),
    [
        (Says(fa("صفحه")), True),
        (Says(fa("نوبت"), stays=True), False),
        (Says(fa("عکس"), picture=CodePicture("482173051")), False),
        (Says(fa("جا"), pin=Pin(KARAJ, fa("دفتر"), fa("کرج"))), False),
        (Says(fa("")), False),
    ],
)
def test_only_a_plain_screen_replaces_another(language: Language, says: Says, replaces: bool) -> None:
    assert rendered(language, says).replaces is replaces
    assert not rendered(language, says, Capabilities(markup="html", edits=False)).replaces


def test_a_text_too_long_for_a_caption_follows_the_picture(language: Language) -> None:
    assert rendered(language, Says(fa("ک" * 1024), picture=CodePicture("482173051"))).is_caption
    assert not rendered(language, Says(fa("ک" * 1025), picture=CodePicture("482173051"))).is_caption
    assert not rendered(language, Says(fa(""), picture=CodePicture("482173051"))).is_caption


def test_a_long_text_becomes_several_messages(language: Language) -> None:
    shown = rendered(language, Says(paragraphs(*(fa("سلام دنیا. " * 100) for _ in range(6)))))
    assert len(shown.texts) == 2
    assert all(len(text) <= 4096 for text in shown.texts)


def test_a_pin_shows_its_words_where_the_messenger_can(language: Language) -> None:
    says = Says(fa("بیایید."), pin=Pin(KARAJ, fa("دفتر"), fa("کرج")))
    venue = rendered(language, says)
    assert venue.place is not None
    assert (venue.place.title, venue.place.address, venue.texts) == ("دفتر", "کرج", ("بیایید.",))
    point = rendered(language, says, BALE)
    assert point.place is not None
    assert (point.place.title, point.texts) == ("", ("دفتر\nکرج\n\nبیایید.",))
    alone = rendered(language, Says(fa(""), pin=Pin(KARAJ, fa("دفتر"), fa("کرج"))), BALE)
    assert alone.texts == ("دفتر\nکرج",)


def test_protection_is_asked_for_only_where_there_is_one(language: Language) -> None:
    assert rendered(language, Says(fa("کد"), protects=True)).protects
    assert not rendered(language, Says(fa("کد"), protects=True), BALE).protects


def test_a_code_is_copyable_and_isolated(language: Language) -> None:
    code = TrackingCode.make(CodeKind.APPOINTMENT)
    html = rendered(language, Says(paragraphs(fa("کد:"), code))).texts[0]
    digits = html.partition("<code>")[2].partition("</code>")[0]
    assert read_code(digits) == code
    assert f"\u2066<code>{digits}</code>\u2069" in html
    assert rendered(language, Says(paragraphs(fa("کد:"), code)), BALE).texts[0] == f"کد:\n\n\u2066{digits}\u2069"


def test_the_first_letter_decides_the_side(language: Language) -> None:
    assert rendered(language, Says(fa("سلام"))).texts[0] == "سلام"
    assert rendered(language, Says(fa("🗓 نوبت"))).texts[0] == "\u200f🗓 نوبت"
    assert rendered(language, Says(Latin("ABC"))).texts[0].startswith("\u200f")


def test_tomorrow_is_counted_in_tehran(language: Language) -> None:
    tomorrow = LocalDay(NOON.date()).plus(1)
    assert rendered(language, Says(Near(tomorrow))).texts[0] == "فردا"
