"""Tries to sign in with names that nobody has: counted and locked like those of accounts, and forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk.staff.refusals import TooManyTries
from desk.staff.strangers import UnknownNames
from tests.makers import NOW

PASSWORD = "saffron-41-tea"
MINUTE = timedelta(minutes=1)


def test_an_unknown_name_locks_like_an_account() -> None:
    names = UnknownNames()
    for round_ in (NOW, NOW + MINUTE):
        for _ in range(5):
            names.require_unlocked("nobody", now=round_)
            names.note_wrong_password(" Nobody ", now=round_)
    for told in (names.require_unlocked, names.note_wrong_password):
        with pytest.raises(TooManyTries) as refused:
            told("NOBODY", now=NOW + MINUTE)
        assert refused.value == TooManyTries(NOW + 3 * MINUTE)
    names.require_unlocked("nobody", now=NOW + 3 * MINUTE)
    names.require_unlocked("somebody", now=NOW)


def test_unknown_names_are_forgotten_when_there_are_too_many() -> None:
    names = UnknownNames(remembered=2)
    for name in ("first", "second", "first", "third"):
        names.note_wrong_password(name, now=NOW)
    for _ in range(4):
        names.note_wrong_password("second", now=NOW)  # had been tried longest ago, so this is a new count
    names.require_unlocked("second", now=NOW)
    names.note_wrong_password("second", now=NOW)
    with pytest.raises(TooManyTries):
        names.require_unlocked("second", now=NOW)


def test_no_unknown_name_is_kept_in_words() -> None:
    names = UnknownNames()
    names.note_wrong_password(PASSWORD, now=NOW)
    assert PASSWORD not in repr(names._tries)
