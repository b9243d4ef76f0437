"""Passwords: which are refused, and that the hash costs a guesser what it should."""

from __future__ import annotations

from importlib.util import find_spec, module_from_spec

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from desk.staff import passwords
from desk.staff.passwords import PasswordFault

PASSWORD = "saffron-41-tea"


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short-1", PasswordFault.TOO_SHORT),
        ("x-1" * 50, PasswordFault.TOO_LONG),
        ("xx-Maryam-1405", PasswordFault.LIKE_USERNAME),
        ("aB1-aB1-aB1", PasswordFault.TOO_PLAIN),
        ("1357924680", PasswordFault.WELL_KNOWN),
        ("۱۳۵۷۹۲۴۶۸۰", PasswordFault.WELL_KNOWN),
        ("09121234567", PasswordFault.WELL_KNOWN),
        ("qwertyuiop", PasswordFault.WELL_KNOWN),
        ("ضصثقفغعهخح", PasswordFault.WELL_KNOWN),
        ("سلامسلامسلام", PasswordFault.TOO_PLAIN),
        ("afghanistan1", PasswordFault.WELL_KNOWN),
        ("Password123!", PasswordFault.WELL_KNOWN),
        ("iloveyou2024", PasswordFault.WELL_KNOWN),
        ("12345abcde!", PasswordFault.WELL_KNOWN),
        ("Mizban@1405", PasswordFault.WELL_KNOWN),
        ("emamreza1405", PasswordFault.WELL_KNOWN),
        ("yaali110yaali", PasswordFault.WELL_KNOWN),
        ("salam salam salam", PasswordFault.WELL_KNOWN),
        ("خدایا شکرت", PasswordFault.WELL_KNOWN),
        ("تهران۱۴۰۵۱۴۰۵", PasswordFault.WELL_KNOWN),
        ("alireza1365", PasswordFault.WELL_KNOWN),
        ("حسینی۱۳۶۵۱", PasswordFault.WELL_KNOWN),
        ("psdkd13651", PasswordFault.WELL_KNOWN),
        ("ａｌｉｒｅｚａ１３６５", PasswordFault.WELL_KNOWN),
        ("saffron-41-tea", None),
        ("greenteainthemorning", None),
        ("چای سبز صبحگاهی", None),
    ],
)
def test_a_password_is_weighed(password: str, fault: PasswordFault | None) -> None:
    assert passwords.password_fault(password, username="maryam") is fault


@pytest.mark.parametrize(
    "password", ["kqzvxjwpmb", "KQZVXJWPMB", "48291057361094", "خرمالوپاییز", "!%?&=+~#;^", "🍐🍋🍒🍇🥝🍅🥥🥕🌽🥔"]
)
def test_a_password_of_any_kind_of_characters_may_be_taken(password: str) -> None:
    """No kind has to be in it, and none is forbidden: only what is guessed easily is refused."""
    assert passwords.password_fault(password, username="maryam") is None


def test_a_password_is_kept_as_argon2id_and_checked() -> None:
    kept = passwords.hash_password(PASSWORD)
    assert kept.startswith("$argon2id$")
    assert passwords.verify_password(kept, PASSWORD)
    assert not passwords.verify_password(kept, PASSWORD + " ")
    assert not passwords.verify_password("none", PASSWORD)


def test_checking_the_decoy_costs_what_checking_an_account_costs() -> None:
    kept, decoy = passwords.hash_password(PASSWORD).split("$"), passwords.decoy_hash().split("$")
    assert decoy[:4] == kept[:4]
    assert [len(part) for part in decoy] == [len(part) for part in kept]
    with pytest.raises(VerifyMismatchError):  # checked to its end: not refused at sight as no hash at all
        PasswordHasher().verify(passwords.decoy_hash(), PASSWORD)


def test_the_hash_of_the_product_is_as_strong_as_recommended() -> None:
    """Tests hash cheaply; this looks at the module as the product loads it."""
    found = find_spec("desk.staff.passwords")
    assert found is not None
    assert found.loader is not None
    fresh = module_from_spec(found)
    found.loader.exec_module(fresh)
    assert fresh._hasher.memory_cost >= 64 * 1024
    assert fresh._hasher.time_cost >= 3
