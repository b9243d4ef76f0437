"""The hash of a number or of a name without a paper is the one that was given when the person first came."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from desk import identity
from desk.identity import Mark, Stretch
from desk.people import rules
from desk.people.rules import DocumentKind
from tests import weak_hashes

KEYS = weak_hashes.keys(b"key of the tests")
PRESENT = Stretch("a1", memory=64 * 1024, passes=3)
EXPECTED = "a1.0000002a.b9f485e4bd4ba6fa82bfab860e46b522c286ae512c93e7f2336b"

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
    marked = rules.marked(number, kind=DocumentKind.OTHER, keys=KEYS)
    assert (marked.marks[0].keyed[:24], marked.last4) == (begins, last4)


@pytest.mark.parametrize(("name", "begins"), NAMES)
def test_a_name_without_a_paper_keeps_the_hash_it_was_first_given(name: str, begins: str) -> None:
    assert rules.marked_without_paper(7, name, KEYS).marks[0].keyed[:24] == begins


def test_a_keyed_hash_is_stretched_as_it_was_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the real parameters: another result would be another person."""
    monkeypatch.setattr(identity.IN_USE, "now", PRESENT)
    version = f"{PRESENT.name}.0000002a"
    assert identity.stretched(Mark(version, "ada9d734" * 8)) == EXPECTED


@pytest.mark.parametrize(("name", "memory", "passes"), [("a2", 8, 3), ("a2", 64 * 1024, 1), ("w2", 64 * 1024, 3)])
def test_what_is_weak_is_called_so(name: str, memory: int, passes: int) -> None:
    with pytest.raises(ValueError, match="weak"):
        Stretch(name, memory, passes)


def test_an_installation_stretches_with_64_mebibytes_and_no_setting_changes_that() -> None:
    asked = "from desk.identity import IN_USE; print(IN_USE.now)"
    environment = os.environ | {f"MIZBAN_{name}": "1" for name in ("STRETCH", "MEMORY", "IDENTITY_STRETCH", "TESTING")}
    told = subprocess.run([sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == repr(PRESENT)
