"""How a lexicon is read: groups, phrases side by side, Latin spelling, and when a wish is sure."""

from __future__ import annotations

import pytest

from desk.language.lexicons import lexicons
from desk.reading.wishes import Wish, Wishes
from desk.reading.words import words_of

SMALL = Wishes.of(
    [
        {
            "fillers": "of my",
            "topics": "passport",
            "outside": "oil",
            "outside_phrases": ["=girl friend*"],
            "groups": {"slot": "slot*", "wants": "want* need"},
            "wishes": {"book": ["<slot> <wants>"], "home": ["=go back"], "fees": ["price*"]},
        },
        {"groups": {"slot": "nobat*"}, "wishes": {"my_turns": ["my <slot>"]}},
    ]
)
WHOLE = Wishes.of(lexicons())


@pytest.mark.parametrize("typed", ["slot want", "need slots", "nobat want", "nobatam need"])
def test_a_phrase_holds_with_any_word_of_a_group_from_every_lexicon(typed: str) -> None:
    assert SMALL.guess(typed).best is Wish.BOOK


def test_a_group_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="<none>"):
        Wishes.of([{"wishes": {"book": ["<none> want"]}}])


def test_words_that_belong_side_by_side_mean_nothing_apart() -> None:
    assert SMALL.guess("go back").best is Wish.HOME
    assert SMALL.guess("back go").best is None
    assert SMALL.guess("go and come back").best is None


def test_a_word_of_a_group_is_forgiven_one_letter() -> None:
    assert SMALL.guess("nobt want").best is Wish.BOOK


def test_a_wish_is_sure_where_the_words_beside_it_say_nothing_else() -> None:
    assert SMALL.guess("price of my passport").is_sure
    assert SMALL.guess("price bread").is_sure  # as many letters are understood as are not
    assert not SMALL.guess("price of bread and of potatoes").is_sure


def test_beside_what_this_desk_does_not_do_nothing_is_sure() -> None:
    assert not SMALL.guess("price of oil").is_sure
    assert not SMALL.guess("price girl friends").is_sure
    assert SMALL.guess("price girl").is_sure


@pytest.mark.parametrize(
    "spelt", ["nobat mikhaham", "noubat mikhaham", "NOBAT MEKHAHAM", "noobat mixaham", "nobat mikhahaam"]
)
def test_latin_letters_are_read_as_they_sound(spelt: str) -> None:
    assert words_of(spelt)[1] == words_of("nobat mikhaham")[1]
    assert WHOLE.guess(spelt).best is Wish.BOOK


def test_what_time_asks_when_and_wants_no_time() -> None:
    assert words_of("چه وقت") == words_of("چی وقت") == ["چیوقت"]
    assert WHOLE.guess("نوبتم چه وقت است").best is Wish.MY_APPOINTMENTS


@pytest.mark.parametrize(
    ("question", "complaint"),
    [("چند پیسه میگیرن", "از من پیسه گرفت"), ("برای نوبت باید پول بدم؟", "برای نوبت از من پول گرفتند")],
)
def test_to_ask_what_is_taken_is_no_complaint_that_it_was_taken(question: str, complaint: str) -> None:
    assert WHOLE.guess(question).wishes == (Wish.FEES,)
    assert WHOLE.guess(complaint).best in (Wish.OVERCHARGE, Wish.BROKER)


@pytest.mark.parametrize(
    ("courtesy", "wish"),
    [
        ("دمت گرم خیلی کمک کردی", ("کمک کن", Wish.HELP)),
        ("خیر ببینین، نوبت بتین", ("نوبت خوده ببینم", Wish.MY_APPOINTMENTS)),
    ],
)
def test_the_words_of_a_courtesy_ask_for_nothing(courtesy: str, wish: tuple[str, Wish]) -> None:
    asked, best = wish
    assert best not in WHOLE.guess(courtesy).wishes
    assert WHOLE.guess(asked).best is best


@pytest.mark.parametrize("typed", ["سلام وقت بخیر وقت میخوام", "وقت میخوام، عصر بخیر", "خدا خیرتون بده یه وقت بدین"])
def test_a_wish_beside_a_courtesy_stays_a_wish(typed: str) -> None:
    assert WHOLE.guess(typed).best is Wish.BOOK


@pytest.mark.parametrize("typed", ["پاسپورتم زود میاد", "منو دو روز نشسته", "دادم به کجا"])
def test_a_word_of_many_meanings_opens_nothing_unasked_beside_words_that_are_not_of_the_desk(typed: str) -> None:
    assert not WHOLE.guess(typed).is_sure


@pytest.mark.parametrize("typed", ["پاسپورتم لطفا", "نوبت", "سلام نوبت برای کارت آمایش"])
def test_a_word_of_many_meanings_is_sure_where_nothing_else_is_said(typed: str) -> None:
    assert WHOLE.guess(typed).is_sure


@pytest.mark.parametrize(
    "typed",
    ["مرا زدند", "منو زدن", "پسرم را زدند", "سیلی زد", "به من حمله کرد", "گفت می‌کشمت", "مرا تعقیب کرد", "تجاوز کرد"],
)
def test_who_was_beaten_or_threatened_is_led_to_the_complaint(typed: str) -> None:
    assert WHOLE.guess(typed).best is Wish.COMPLAIN


@pytest.mark.parametrize("typed", ["مه ره زدن", "بچیمه زدن", "لتم کدن", "مره سیلی زد"])
def test_the_same_in_dari(typed: str) -> None:
    assert WHOLE.guess(typed).best is Wish.COMPLAIN


@pytest.mark.parametrize("typed", ["به من زنگ زدند", "دکمه را زدم", "مهر زدند"])
def test_a_call_a_button_and_a_stamp_are_no_blows(typed: str) -> None:
    assert WHOLE.guess(typed).best is not Wish.COMPLAIN
