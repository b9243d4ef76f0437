"""Reads telephone numbers as people type them; without a country code they are taken as Iranian."""

import re
from typing import Final

import phonenumbers

from desk.reading.folding import ascii_digits, strip_bidi
from desk.values import HOME_REGION, Phone

_AFGHAN_MOBILE: Final = re.compile(r"07[0-9]{8}", re.ASCII)


def read_phone(typed: str, *, region: str = HOME_REGION) -> Phone | None:
    """Return the typed number, in ``region`` when it has no country code; None when it is no number."""
    try:
        number = phonenumbers.parse(ascii_digits(strip_bidi(typed)), region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return Phone(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def read_afghan_mobile(typed: str) -> Phone | None:
    """Return the number where ``typed`` has the shape of an Afghan mobile without its country code; else None.

    No number of Iran has that shape. The caller shows it to the person with its country code.
    """
    digits = re.sub(r"[^0-9+]", "", ascii_digits(typed))
    return read_phone(typed, region="AF") if _AFGHAN_MOBILE.fullmatch(digits) else None
