"""Long numbers in free text: which are taken out, which are money, days, times and codes that the chat knows."""

from __future__ import annotations

import time

import pytest

from desk.codes import TrackingCode
from desk.reading.long_numbers import (
    MASK,
    NumberSort,
    long_numbers,
    only_phone_or_card,
    without_long_numbers,
)

OWN = {"482173051", "691234567895"}


def knows(code: TrackingCode) -> bool:
    return code.digits in OWN


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("کارتم ۹۸۷۶۵۴۳۲۱۰۷ است", "کارتم •••• است"),
        ("12345678", "••••"),
        ("1234 5678, please", "••••, please"),
        ("۱۲۳‌۴۵۶‌۷۸۹‌۰", "••••"),
        ("123.456.789.01", "••••"),
        ("123-456-78-901", "••••"),
        ("0912\n345\n6789", "••••"),
        ("کارت ۶۰۳۷ـ۹۹۱۱ـ۲۲۳۳ـ۴۴۵۵ است", "کارت •••• است"),
        ("۹۸۷ ـ ۶۵۴ ـ ۳۲۱", "••••"),
        ("(021) 8765 4321", "••••"),
        ("+98 912 345 6789 زنگ زد", "•••• زنگ زد"),
        ("P01234567", "P••••"),
        ("IR062960000000100324200001", "IR••••"),
        ("٠٩١٢١٢٣٤٥٦٧ و ०१२३४५६७", "•••• و ••••"),
        ("①②③④⑤⑥⑦⑧", "••••"),
        ("1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣!", "••••!"),
        ("98765432107 تومان", "•••• تومان"),
        ("6037991122334455 تومان", "•••• تومان"),
        ("09121234567 ریال", "•••• ریال"),
        ("1405-12-05-1234", "••••"),
        ("8123456789 هزاره هستم", "•••• هزاره هستم"),
        ("۸۱۲۳۴۵۶۷۸۹ افغانی هستم", "•••• افغانی هستم"),
        ("12.345.678 افغانی‌ام", "•••• افغانی‌ام"),
        ("81234567 تمنا می‌کنم", "•••• تمنا می‌کنم"),
        ("81234567 irregular", "•••• irregular"),
    ],
)
def test_eight_digits_and_more_are_taken_out(typed: str, kept: str) -> None:
    assert without_long_numbers(typed, knows=knows) == kept
    assert without_long_numbers(kept, knows=knows) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "۱۲۳۴۵۶۷",
        "۱۵۰۰۰۰۰۰ تومان دادم",
        "15000000تومان",
        "۱۰۰۰۰۰۰۰ ريال",
        "۵۰۰۰۰۰۰۰ ت گرفت",
        "۱۲۰۰۰۰۰۰ پیسه گرفت",
        "27000000 هزار",
        "۲۷۰۰۰۰۰۰ هزارتومان",
        "۱۲۰۰۰۰۰۰ افغانی",
        "12.000.000 افغانی",
        "15000000 Tomans",
        "مبلغ ۱۲۳۴۵۶۷۸ گرفتند",
        "15,000,000 گرفتند",
        "۱۵٬۰۰۰٬۰۰۰ گرفتند",
        "25/000/000 گرفتند",
        "10.000.000 گرفتند",
        "۱۰ ۰۰۰ ۰۰۰ تومان",
        "روز ۱۴۰۵/۹/۱۵ ساعت ۱۰:۳۰",
        "2026-11-29 12:34",
        "از 10:30 - 11:45",
        "دفتر ۷۲-۱۱۰۲ ساعت ۹",
        "کد من 482173051 است",
        "کد من ۴۸۲ ۱۷۳ ۰۵۱ است",
    ],
)
def test_money_days_hours_and_own_codes_stay(typed: str) -> None:
    assert without_long_numbers(typed, knows=knows) == typed


def test_a_code_of_somebody_else_is_taken_out() -> None:
    assert without_long_numbers("482173051", knows=lambda code: False) == MASK
    assert without_long_numbers("482173051 و 482173040", knows=knows) == f"482173051 و {MASK}"


@pytest.mark.parametrize(
    ("typed", "sort"),
    [
        ("09121234567", NumberSort.PHONE),
        ("+98-912-123-4567", NumberSort.PHONE),
        ("0098 912 1234567", NumberSort.PHONE),
        ("9121234567", NumberSort.PHONE),
        ("021-12345678", NumberSort.PHONE),
        ("0701234567", NumberSort.PHONE),
        ("+93 70 123 4567", NumberSort.PHONE),
        ("6037 9911 2233 4455", NumberSort.CARD),
        ("6037ـ9911ـ2233ـ4455", NumberSort.CARD),
        ("۰۹۱۲ـ۳۴۵ـ۶۷۸۹", NumberSort.PHONE),
        ("۶۰۳۷۹۹۱۱۲۲۳۳۴۴۵۵", NumberSort.CARD),
        ("98765432107", NumberSort.OTHER),
        ("12345678", NumberSort.OTHER),
    ],
)
def test_telephones_and_cards_are_told_from_other_numbers(typed: str, sort: NumberSort) -> None:
    assert [number.sort for number in long_numbers(f"او {typed} داد", knows=knows)] == [sort]
    assert (only_phone_or_card(typed) is not None) == (sort is not NumberSort.OTHER)


def test_one_telephone_or_card_is_read_and_several_are_not() -> None:
    assert only_phone_or_card("شماره‌اش ۰۹۱۲ ۳۴۵ ۶۷۸۹ است") == "09123456789"
    assert only_phone_or_card("+98 912 345 6789") == "+989123456789"
    assert only_phone_or_card("09123456789 و 09123456780") is None


@pytest.mark.parametrize("giant", ["9", "1 ", "1/", "1234 ", "482173051 ", "1,000 ", "0912345 ", "ه", "- "])
def test_the_longest_text_costs_little_more_than_a_shorter_one(giant: str) -> None:
    """Four times the letters may cost four times as much, not sixteen: what grows faster lets one chat hold all up."""
    assert _cost(giant, 8000) < 10 * _cost(giant, 2000) + 0.01


def _cost(giant: str, letters: int) -> float:
    """Seconds of this thread for such a text: the least of several, since other work takes the processor's caches."""
    typed = (giant * letters)[:letters]
    taken = []
    for _ in range(5):
        begun = time.thread_time()
        long_numbers(typed, knows=knows)
        only_phone_or_card(typed)
        taken.append(time.thread_time() - begun)
    return min(taken)
