"""Texts and values as people see them, in Persian and in Dari."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.codes import PublicId, TrackingCode
from desk.language.format import FSI, LRI, PDI
from desk.language.language import Language
from desk.language.spans import Span, SpanStyle
from desk.language.text import (
    FullDay,
    InToman,
    InWords,
    Latin,
    Link,
    Locale,
    Localised,
    Near,
    Ordinal,
    Param,
    Reference,
    ShortDay,
    SolarMonth,
    SpokenCode,
    Text,
    inline,
    lines,
    paragraphs,
    series,
    words,
)
from desk.reading.folding import strip_bidi
from desk.values import ClockTime, Duration, LocalDay, LocalMoment, Money, Phone
from tests.language.params import params, typed

_ = words("test rendering")

LANGUAGE = Language.load()
TODAY = LocalDay.of(2026, 11, 21)
APPOINTMENT_DAY = LocalDay.of(2026, 11, 28)
APPOINTMENT = LocalMoment(datetime(2026, 11, 28, 6, 0, tzinfo=UTC))
CODE = TrackingCode("482173051")


@pytest.mark.parametrize(
    ("value", "persian", "dari"),
    [
        (Money(270_000), "۲۷ هزار تومان (۲۷۰٬۰۰۰ ریال)", None),
        (Money(275_000), "۲۷ هزار و ۵۰۰ تومان (۲۷۵٬۰۰۰ ریال)", None),
        (Money(25_000_000), "۲ میلیون و ۵۰۰ هزار تومان (۲۵٬۰۰۰٬۰۰۰ ریال)", None),
        (Money(10_000_000_050), "۱ میلیارد و ۵ تومان (۱۰٬۰۰۰٬۰۰۰٬۰۵۰ ریال)", None),
        (Money(500), "۵۰ تومان (۵۰۰ ریال)", None),
        (Money(12_345), "۱۲٬۳۴۵ ریال", None),
        (Money(0), "رایگان", None),
        (APPOINTMENT_DAY, "شنبه ۷ آذر", "شنبه ۷ قوس (آذر)"),
        (LocalDay.of(2025, 3, 20), "پنجشنبه ۳۰ اسفند ۱۴۰۳", "پنجشنبه ۳۰ حوت (اسفند) ۱۴۰۳"),
        (FullDay(APPOINTMENT_DAY), "شنبه ۷ آذر ۱۴۰۵", "شنبه ۷ قوس (آذر) ۱۴۰۵"),
        (ShortDay(APPOINTMENT_DAY), "شنبه ۷ آذر", "شنبه ۷ قوس"),
        (SolarMonth(1405, 6), "شهریور ۱۴۰۵", "سنبله (شهریور) ۱۴۰۵"),
        (APPOINTMENT, f"شنبه ۷ آذر، ساعت {LRI}۹:۳۰{PDI}", f"شنبه ۷ قوس (آذر)، ساعت {LRI}۹:۳۰{PDI}"),
        (Near(TODAY), "امروز", None),
        (Near(TODAY.plus(1)), "فردا", None),
        (Near(TODAY.plus(2)), "پس‌فردا", None),
        (Near(TODAY.plus(3)), "سه روز دیگر", "سه روز بعد"),
        (Near(TODAY.plus(12)), "۱۲ روز دیگر", "۱۲ روز بعد"),
        (Near(TODAY.plus(-1)), "دیروز", None),
        (Near(TODAY.plus(-2)), "پریروز", None),
        (Near(TODAY.plus(-5)), "پنج روز پیش", None),
        (Near(TODAY.plus(31)), "سه‌شنبه ۱ دی", "سه‌شنبه ۱ جدی (دی)"),
        (Near(APPOINTMENT), f"هفت روز دیگر، ساعت {LRI}۹:۳۰{PDI}", f"هفت روز بعد، ساعت {LRI}۹:۳۰{PDI}"),
        (ClockTime(11, 5), f"{LRI}۱۱:۰۵{PDI}", None),
        (Duration(45), "۴۵ دقیقه", None),
        (Duration(0), "۰ دقیقه", None),
        (Duration.hours(2), "۲ ساعت", None),
        (Duration(26 * 60 + 5), "۱ روز، ۲ ساعت و ۵ دقیقه", None),
        (Duration.days(10), "۱۰ روز", None),
        (SpokenCode(CODE), "چهار هشت دو، یک هفت سه، صفر پنج یک", None),
        (PublicId("2907551308461172"), f"{LRI}۲۹۰۷ ۵۵۱۳ ۰۸۴۶ ۱۱۷۲{PDI}", None),
        (Phone("+989121234567"), f"{LRI}۰۹۱۲ ۱۲۳ ۴۵۶۷{PDI}", None),
        (Phone("+93701234567"), f"{LRI}+۹۳ ۷۰ ۱۲۳ ۴۵۶۷{PDI}", None),
        (Latin("Bale 2"), f"{LRI}Bale 2{PDI}", None),
        (Reference("72-1102"), f"{LRI}۷۲-۱۱۰۲{PDI}", None),
        (Localised({"fa": "دفتر ۷۲-۱۱۰۲ کرج"}), f"دفتر {LRI}۷۲-۱۱۰۲{PDI} کرج", None),
        (Localised({"fa": "مدرک", "fa_AF": "سند"}), "مدرک", "سند"),
        (InToman(270_000), "۲۷۰ هزار تومان", None),
        (InToman(1_500_000), "۱ میلیون و ۵۰۰ هزار تومان", None),
        (InWords(3), "سه", None),
        (InWords(11), "۱۱", None),
        (Ordinal.of(1), "دوم", None),
        (Ordinal(12), "شمارهٔ ۱۲", "نمبر ۱۲"),
        (1405, "۱۴۰۵", None),
        (27_000, "۲۷٬۰۰۰", None),
        ("رضا", "رضا", None),
        ("Ali", f"{FSI}Ali{PDI}", None),
        (series("الف", "ب", "پ"), "الف، ب و پ", None),
        (inline("الف", None, "ب"), "الف · ب", None),
        (paragraphs(lines("الف", "ب"), "پ"), "الف\nب\n\nپ", None),
    ],
)
def test_values(value: Param, persian: str, dari: str | None) -> None:
    assert LANGUAGE.plain(value, Locale.FA, today=TODAY) == persian
    assert LANGUAGE.plain(value, Locale.FA_AF, today=TODAY) == (dari or persian)


def test_without_today_a_near_day_is_the_day_itself() -> None:
    assert LANGUAGE.plain(Near(APPOINTMENT_DAY), Locale.FA) == "شنبه ۷ آذر"


@given(params, st.sampled_from(Locale), st.none() | st.just(TODAY))
def test_every_parameter_can_be_shown(value: Param, locale: Locale, today: LocalDay | None) -> None:
    shown = LANGUAGE.plain(value, locale, today=today)
    assert shown.count(LRI) + shown.count(FSI) == shown.count(PDI)
    here = [(context, text) for context, text in LANGUAGE.missing if not context.startswith("test ")]
    assert here == []


def test_spans_of_a_ticket() -> None:
    ticket = _("**Booked** for {when}. Code: {code}", when=APPOINTMENT, code=CODE)
    assert LANGUAGE.spans(ticket, Locale.FA) == (
        Span("Booked", SpanStyle.BOLD),
        Span(f" for شنبه ۷ آذر، ساعت {LRI}۹:۳۰{PDI}. Code: {LRI}", SpanStyle.PLAIN),
        Span("۴۸۲۱۷۳۰۵۱", SpanStyle.CODE),
        Span(PDI, SpanStyle.PLAIN),
    )


def test_bold_reaches_into_parameters() -> None:
    assert LANGUAGE.spans(_("**{day}** it is", day=APPOINTMENT_DAY), Locale.FA)[0] == Span("شنبه ۷ آذر", SpanStyle.BOLD)


def test_links_keep_their_address_when_styles_are_lost() -> None:
    link = Link("https://example.org", _("The map"))
    assert LANGUAGE.spans(link, Locale.FA) == (Span("The map", SpanStyle.LINK, "https://example.org"),)
    assert LANGUAGE.plain(link, Locale.FA) == "The map (https://example.org)"
    assert LANGUAGE.plain(Link("https://example.org"), Locale.FA) == "https://example.org"


@given(typed)
def test_what_people_type_is_never_markup(text: str) -> None:
    spans = LANGUAGE.spans(_("Name: {name}.", name=text), Locale.FA)
    assert {span.style for span in spans} == {SpanStyle.PLAIN}
    assert strip_bidi("".join(span.text for span in spans)) == f"Name: {strip_bidi(text)}."


def test_a_stranger_cannot_turn_the_text_around() -> None:
    shown = LANGUAGE.plain(_("Name: {name}.", name="\u202eabc\u2069"), Locale.FA)
    assert shown == f"Name: {FSI}abc{PDI}."


def test_braces_can_be_written() -> None:
    assert LANGUAGE.plain(_("{{{n}}}", n=3), Locale.FA) == "{۳}"


@pytest.mark.parametrize("given_params", [(), (("n", 1), ("m", 2)), (("m", 1),)])
def test_parameters_must_be_those_of_the_id(given_params: tuple[tuple[str, Param], ...]) -> None:
    with pytest.raises(ValueError, match="was given"):
        Text("test", "{n} turns", given_params)


def test_a_truth_value_cannot_be_said() -> None:
    with pytest.raises(TypeError, match="bool"):
        LANGUAGE.plain(True, Locale.FA)


@pytest.mark.parametrize(
    ("tag", "locale"),
    [
        ("fa", Locale.FA),
        ("fa-IR", Locale.FA),
        ("en", Locale.FA),
        ("", Locale.FA),
        (None, Locale.FA),
        ("prs", Locale.FA_AF),
        ("prs-AF", Locale.FA_AF),
        ("fa-AF", Locale.FA_AF),
        ("fa_AF", Locale.FA_AF),
        ("fa-Arab-AF", Locale.FA_AF),
        ("ps", Locale.FA_AF),
        ("uz", Locale.FA_AF),
    ],
)
def test_language_tags(tag: str | None, locale: Locale) -> None:
    assert Locale.parse(tag) is locale


def test_texts_of_the_staff_fall_back() -> None:
    assert Localised({"fa": "مدرک", "fa_AF": " "}).for_locale(Locale.FA_AF) == "مدرک"
    assert Localised({"fa_AF": "سند"}).for_locale(Locale.FA) == "سند"
    assert Localised({}).for_locale(Locale.FA) == ""
    assert not Localised({"fa": ""})
    assert Localised({"fa_AF": "ب", "fa": "الف"}) == Localised({"fa": "الف", "fa_AF": "ب"})
    with pytest.raises(ValueError, match="de"):
        Localised({"de": "x"})


@pytest.mark.parametrize("locale", Locale)
def test_a_short_day_fits_on_a_button_at_any_time_of_the_year(locale: Locale) -> None:
    """In Dari, with both names of the month, it would not."""
    days = [TODAY.plus(ahead) for ahead in range(7 * 366)]
    longest = max((strip_bidi(LANGUAGE.plain(ShortDay(day), locale, today=TODAY)) for day in days), key=len)
    assert len(longest) <= 20, longest
