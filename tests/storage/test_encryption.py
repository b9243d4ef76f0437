"""What is encrypted is read with its key, in its row and column, and nowhere else; what is marked is found again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.storage.encryption import OVERHEAD, Keys, UnreadableValue, random_id

OLD, NEW = b"o" * 32, b"n" * 32
COLUMN = "persons.name"


@given(st.text(max_size=200), st.integers(min_value=1, max_value=2**62))
def test_a_text_comes_back_as_it_was(text: str, row: int) -> None:
    keys = Keys(NEW)
    stored = keys.encrypt(text, column=COLUMN, row=row)
    assert keys.decrypt(stored, column=COLUMN, row=row) == text
    assert len(stored) == len(text.encode()) + OVERHEAD


def test_a_value_tells_neither_its_text_nor_that_two_are_alike() -> None:
    keys = Keys(NEW)
    first, second = (keys.encrypt("Maryam", column=COLUMN, row=1) for _ in range(2))
    assert first != second
    assert b"Maryam" not in first


@pytest.mark.parametrize(("column", "row"), [(COLUMN, 2), ("persons.nickname", 1), ("persons.name:1", 1)])
def test_a_value_moved_to_another_row_or_column_is_refused(column: str, row: int) -> None:
    stored = Keys(NEW).encrypt("Maryam", column=COLUMN, row=1)
    with pytest.raises(UnreadableValue) as refused:
        Keys(NEW).decrypt(stored, column=column, row=row)
    assert (refused.value.column, refused.value.row) == (column, row)


@pytest.mark.parametrize("at", [0, 5, 20, -1])
def test_a_changed_byte_is_refused(at: int) -> None:
    stored = bytearray(Keys(NEW).encrypt("Maryam", column=COLUMN, row=1))
    stored[at] ^= 1
    with pytest.raises(UnreadableValue):
        Keys(NEW).decrypt(bytes(stored), column=COLUMN, row=1)


@pytest.mark.parametrize("stored", [b"", b"abc", b"x" * OVERHEAD])
def test_what_nobody_wrote_is_refused(stored: bytes) -> None:
    with pytest.raises(UnreadableValue):
        Keys(NEW).decrypt(stored, column=COLUMN, row=1)


def test_after_a_change_of_the_key_the_older_goes_on_reading_and_only_the_new_one_writes() -> None:
    before, after = Keys(OLD), Keys(NEW, [OLD])
    stored = before.encrypt("Maryam", column=COLUMN, row=1)
    assert after.decrypt(stored, column=COLUMN, row=1) == "Maryam"
    assert not after.is_current(stored)
    assert after.is_current(after.encrypt("Maryam", column=COLUMN, row=1))
    with pytest.raises(UnreadableValue):
        Keys(NEW).decrypt(stored, column=COLUMN, row=1)
    with pytest.raises(UnreadableValue):
        before.decrypt(after.encrypt("Maryam", column=COLUMN, row=1), column=COLUMN, row=1)


def test_a_mark_is_found_by_each_key_and_each_purpose_has_its_own() -> None:
    before, after = Keys(OLD), Keys(NEW, [OLD])
    assert before.mark("chat", "telegram:1:7") in after.marks("chat", "telegram:1:7")
    assert after.marks("chat", "telegram:1:7")[0] == after.mark("chat", "telegram:1:7")
    assert after.mark("chat", "telegram:1:7") != after.mark("word", "telegram:1:7")


def test_a_json_value_comes_back() -> None:
    keys = Keys(NEW)
    value = {"text": "سلام", "n": [1, None, True]}
    assert keys.open_sealed(keys.seal(value, column=COLUMN, row=3), column=COLUMN, row=3) == value


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Keys(b"short")


def test_what_holds_a_key_shows_none() -> None:
    assert "nnnn" not in repr(Keys(NEW))


def test_random_ids_fit_both_databases_and_have_no_order() -> None:
    ids = [random_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert all(0 < each <= 2**62 for each in ids)
    assert ids != sorted(ids)
