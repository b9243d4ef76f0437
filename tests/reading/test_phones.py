"""Telephone numbers as people type them."""

import pytest

from desk.reading.phones import read_afghan_mobile, read_phone
from desk.values import Phone


@pytest.mark.parametrize(
    "typed", ["09121234567", "۰۹۱۲ ۱۲۳ ۴۵۶۷", "+98 912 1234567", "0098-912-1234567", "٠٩١٢١٢٣٤٥٦٧"]
)
def test_iranian_phones(typed: str) -> None:
    assert read_phone(typed) == Phone("+989121234567")


def test_an_afghan_number_is_asked_about_not_guessed() -> None:
    typed = "۰۷۰ ۱۲۳ ۴۵۶۷"
    assert read_phone(typed) is None
    assert read_phone(typed, region="AF") == Phone("+93701234567")
    assert read_afghan_mobile(typed) == Phone("+93701234567")
    assert read_afghan_mobile("09121234567") is None


@pytest.mark.parametrize("typed", ["", "سلام", "123", "0912123456", "482173051"])
def test_what_is_no_phone(typed: str) -> None:
    assert read_phone(typed) is None
