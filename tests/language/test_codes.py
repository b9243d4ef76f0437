"""Tracking codes: the check digit, making, and reading what people type."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.codes import CodeKind, PublicId, TrackingCode, damm_digit
from desk.reading.codes import read_code, read_public_id
from desk.reading.folding import persian_digits
from tests.language.params import codes


@pytest.mark.parametrize(("digits", "check"), [("12345678", "6"), ("48217305", "1"), ("572", "4")])
def test_check_digit_of_known_values(digits: str, check: str) -> None:
    assert damm_digit(digits) == check
    assert damm_digit(digits + check) == "0"


@given(st.integers(1, 9), codes)
def test_every_single_slip_is_caught(shift: int, code: TrackingCode) -> None:
    for place, digit in enumerate(code.digits):
        slipped = code.digits[:place] + str((int(digit) + shift) % 10) + code.digits[place + 1 :]
        assert read_code(slipped) is None


@given(codes)
def test_every_swap_of_neighbours_is_caught(code: TrackingCode) -> None:
    digits = code.digits
    for place in range(len(digits) - 1):
        swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        if swapped != digits:
            assert read_code(swapped) is None


@pytest.mark.parametrize("kind", CodeKind)
def test_the_first_digit_tells_the_kind(kind: CodeKind) -> None:
    source = Random(1)  # noqa: S311 - repeatable chance, no secret
    made = [TrackingCode.make(kind, source=source) for _ in range(300)]
    assert {code.kind for code in made} == {kind}
    assert {code.digits[0] for code in made} == set(kind.first_digits)
    assert len({code.digits for code in made}) == 300


def test_codes_of_the_system_differ() -> None:
    assert len({TrackingCode.make(CodeKind.APPOINTMENT).digits for _ in range(50)}) > 45


@pytest.mark.parametrize(
    "typed",
    [
        "482173051",
        "482 173 051",
        "کد من ۴۸۲ ۱۷۳ ۰۵۱ است",
        "٤٨٢-١٧٣-٠٥١",
        "\u2066۴۸۲۱۷۳۰۵۱\u2069",
        "۴۸۲\u200c۱۷۳\u200c۰۵۱",
        "482173051\n09121234567",
        "۱، 482173051",
        "code:482.173.051!",
    ],
)
def test_a_typed_code_is_read(typed: str) -> None:
    assert read_code(typed) == TrackingCode("482173051")


@pytest.mark.parametrize("typed", ["", "سلام", "482173052", "0482173051", "4821730510", "48217305", "²³", "000000000"])
def test_what_is_no_code_is_not_read(typed: str) -> None:
    assert read_code(typed) is None


@given(codes)
def test_what_is_shown_is_read_back(code: TrackingCode) -> None:
    assert read_code(persian_digits(code.grouped)) == code


@pytest.mark.parametrize("digits", ["482173052", "۴۸۲۱۷۳۰۵۱", "082173051", ""])
def test_a_malformed_code_cannot_exist(digits: str) -> None:
    with pytest.raises(ValueError, match="tracking code"):
        TrackingCode(digits)


LONG = "648217305914"
"""Twelve digits of a case, the last made to fit below."""


def long_code() -> TrackingCode:
    return TrackingCode(LONG[:-1] + damm_digit(LONG[:-1]))


def test_the_code_of_a_case_has_twelve_digits_and_one_of_before_is_still_read() -> None:
    assert len(TrackingCode.make(CodeKind.CASE).digits) == 12
    assert len(TrackingCode.make(CodeKind.APPOINTMENT).digits) == 9
    before = TrackingCode("61234567" + damm_digit("61234567"))
    assert before.kind is CodeKind.CASE
    assert read_code(f"کد {persian_digits(before.grouped)}") == before


@pytest.mark.parametrize("parted", [(3, 6, 9), (4, 8), (), (6,), (2, 4, 6, 8, 10)])
def test_twelve_digits_are_read_however_they_are_parted(parted: tuple[int, ...]) -> None:
    code = long_code()
    typed = " ".join(code.digits[first:last] for first, last in zip((0, *parted), (*parted, 12), strict=True))
    assert read_code(typed) == code
    assert read_code(f"کد من {persian_digits(typed)} است") == code


@pytest.mark.parametrize("place", range(12))
def test_a_slip_in_twelve_digits_in_groups_is_not_read_as_nine(place: int) -> None:
    digits = long_code().digits
    for shift in range(1, 10):
        slipped = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
        groups = [slipped[first : first + 3] for first in range(0, 12, 3)]
        assert read_code(" ".join(groups)) is None


@pytest.mark.parametrize("digits", ["1" * 11, "148217305910", "64821730591"])
def test_twelve_digits_are_of_a_case_only(digits: str) -> None:
    fits = digits[:-1] + damm_digit(digits[:-1])
    with pytest.raises(ValueError, match="tracking code"):
        TrackingCode(fits)


@pytest.mark.parametrize(
    "typed", ["2907551308461172", "۲۹۰۷ ۵۵۱۳ ۰۸۴۶ ۱۱۷۲", " 2907-5513-0846-1172 ", "\u2066٢٩٠٧ 5513 0846 1172\u2069"]
)
def test_a_typed_public_id_is_read(typed: str) -> None:
    assert read_public_id(typed) == PublicId("2907551308461172")


def test_an_earlier_public_id_with_letters_is_read() -> None:
    assert read_public_id("7k2m 90xd 4tqa 8hj3") == PublicId("7K2M90XD4TQA8HJ3")


@pytest.mark.parametrize(
    "typed", ["", "290755130846117", "29075513084611722", "290755130846117؟", "نمرهٔ من 29075513084"]
)
def test_what_is_no_public_id_is_not_read(typed: str) -> None:
    assert read_public_id(typed) is None


@given(st.integers(0, 10**6), st.integers(0, 15), st.integers(1, 9))
def test_a_public_id_is_no_code_no_bank_card_and_shows_a_slip(seed: int, place: int, shift: int) -> None:
    made = PublicId.make(source=Random(seed))  # noqa: S311 - repeatable chance, no secret
    slipped = made.signs[:place] + str((int(made.signs[place]) + shift) % 10) + made.signs[place + 1 :]
    assert read_code(made.grouped) is None
    assert made.signs[0] in "1234"
    assert not made.has_slip
    assert PublicId(slipped).has_slip


def test_public_ids_of_the_system_differ() -> None:
    assert PublicId.make() != PublicId.make()
