"""The hash of a number or of a name without a paper is the one that was given when the person first came."""

from __future__ import annotations

import pytest

from desk.people import rules
from desk.people.rules import DocumentKind

KEY = b"key of the tests"

NUMBERS = [
    ("P01234567", "ada9d7344921ada27211966c", "4567"),
    ("p 0123-4567", "ada9d7344921ada27211966c", "4567"),
    ("٤٨٢١٧٣٠٥", "0f52620d3d9980f17d3abb48", "7305"),
    ("۴۸۲۱\u200c۷۳۰۵", "0f52620d3d9980f17d3abb48", "7305"),
    ("\uff14\uff18\uff12\uff11\uff17\uff13\uff10\uff15", "0f52620d3d9980f17d3abb48", "7305"),
    ("72\u20111102", "3721ceee3f4b59e3885cc238", "102"),
    ("كي-12", "5abd71e0daa786455a3ba462", "12"),
    ("آ۱۲۳", "285cd69e40fb5d8342350b98", "23"),
    ("ا۱۲۳", "6b2d966dbd670d435356f844", "23"),
    ("ئة123", "e1f3bc8d1f8bc65965ed06a6", "23"),
    ("१२३४५", "a3f9d2321ab84bf2fb0d86e4", "४५"),
    ("123\u3164456", "f1950f10ba3a56b80e5a2940", "456"),
    ("الف/۴۵۶۷", "763de0db0f13bff7719e7cde", "567"),
    ("ß1234", "065511630e37a895999eb0a0", "234"),
    ("1" * 24, "b8b36e7fa346610b93128cd0", "1111"),
]
NAMES = [
    ("آمنه", "e37a81848871ea73db61d3df"),
    ("آمنة", "e37a81848871ea73db61d3df"),
    ("امنه", "89bd421835e5d86062303968"),
    ("گل\u200cآقا رحیمی", "21970fe733c5693be0c9cef3"),
    ("گل آقا رحيمي", "21970fe733c5693be0c9cef3"),
    ("گلآقارحیمی", "21970fe733c5693be0c9cef3"),
    ("رئیس\u200cالدین", "a5cd5dd5fff69ae1c0f91c95"),
    ("رییس الدین", "a5cd5dd5fff69ae1c0f91c95"),
    ("مُحَمَّد", "368491fdb0fadd5bdddb883d"),
    ("مؤمن", "f5f63eba8c0a5be216924927"),
    ("زهرة", "5309c0c43d71a901a28e748b"),
    ("Abdul-Rahman O'Neil", "0f3e4defcbd25bf0bf91b669"),
    ("ALI", "063d9d899501962770019b05"),
    ("علی\u3164", "3e3be457f2e072b26a45bdc8"),
]


@pytest.mark.parametrize(("number", "begins", "last4"), NUMBERS)
def test_a_number_keeps_the_hash_it_was_first_given(number: str, begins: str, last4: str) -> None:
    digest = rules.digest(number, kind=DocumentKind.OTHER, key=KEY)
    assert (digest.hash[:24], digest.last4) == (begins, last4)


@pytest.mark.parametrize(("name", "begins"), NAMES)
def test_a_name_without_a_paper_keeps_the_hash_it_was_first_given(name: str, begins: str) -> None:
    assert rules.digest_without_paper(7, name, KEY).hash[:24] == begins
