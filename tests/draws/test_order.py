"""The order of a draw: nobody knows it without all parts, and who holds more lots comes first more often."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter

import pytest

from desk.draws.order import MOST_LOTS, DrawnRequest, in_order, lots_of
from desk.draws.seeds import SeedParts, bytes_of_figure, bytes_of_word, commitment, new_system_part, seed_of
from tests.draws.makers import PARTS, WORD, requests_of

TEN = requests_of(*(f"request {n}" for n in range(10)))


def ids(requests: list[DrawnRequest]) -> list[str]:
    return [each.id for each in requests]


@pytest.mark.parametrize(
    "other",
    [
        SeedParts(bytes(32), PARTS.word, PARTS.figure),
        SeedParts(PARTS.system, WORD + "s", PARTS.figure),
        SeedParts(PARTS.system, None, PARTS.figure),
        SeedParts(PARTS.system, PARTS.word, "2,345,678.92"),
    ],
    ids=["system", "word", "no word", "figure"],
)
def test_each_part_alone_changes_the_order(other: SeedParts) -> None:
    assert ids(in_order(TEN, seed=seed_of(other))) != ids(in_order(TEN, seed=seed_of(PARTS)))


def test_the_order_does_not_depend_on_the_order_of_the_list() -> None:
    seed = seed_of(PARTS)
    assert ids(in_order(TEN[::-1], seed=seed)) == ids(in_order(TEN, seed=seed))


def test_the_order_is_made_by_hmac_as_the_decision_says() -> None:
    """Written without our code, as somebody outside would."""
    seed = hashlib.sha256(b"mizban draw seed\n")
    for part in (bytes(range(32)), WORD.encode(), b"234567891"):
        seed.update(str(len(part)).encode() + b":" + part + b"\n")
    held = [DrawnRequest("aaaa", 2), DrawnRequest("bbbb", 1), DrawnRequest("cccc", 3)]
    smallest = {
        each.id: min(
            hmac.new(seed.digest(), f"{each.id} {n + 1}".encode(), hashlib.sha256).hexdigest() for n in range(each.lots)
        )
        for each in held
    }
    assert ids(in_order(held, seed=seed_of(PARTS))) == sorted(smallest, key=lambda id: smallest[id])


def test_three_lots_against_one_win_three_times_of_four() -> None:
    held = [DrawnRequest("one", 1), DrawnRequest("three", 3)]
    first = Counter(in_order(held, seed=n.to_bytes(32, "big"))[0].id for n in range(4000))
    assert 0.73 < first["three"] / 4000 < 0.77


@pytest.mark.parametrize(("days", "lots"), [(-1, 1), (0, 1), (6, 1), (7, 2), (48, 7), (49, 8), (400, MOST_LOTS)])
def test_a_week_of_waiting_is_one_more_lot_up_to_a_bound(days: int, lots: int) -> None:
    assert lots_of(days) == lots


@pytest.mark.parametrize("typed", ["2345678.91", "۲٬۳۴۵٬۶۷۸٫۹۱", " 2,345,678.91 ", "٢٣٤٥٦٧٨٫٩١"])
def test_the_figure_is_its_digits_however_it_is_written(typed: str) -> None:
    assert bytes_of_figure(typed) == b"234567891"


def test_a_figure_without_digits_is_none() -> None:
    with pytest.raises(ValueError, match="digits"):
        bytes_of_figure("none yet")


def test_parts_that_run_together_give_different_seeds() -> None:
    """Each part goes with its length, so nothing can be moved from one to the next."""
    assert seed_of(SeedParts(b"a" * 32, "b1", "1")) != seed_of(SeedParts(b"a" * 32, "b", "11"))


def test_a_part_is_random_and_its_hash_tells_nothing_of_it() -> None:
    first, second = new_system_part(), new_system_part()
    assert len(first) == 32
    assert first != second
    assert commitment(first) != commitment(second)
    assert commitment(bytes_of_word(WORD)) == commitment(bytes_of_word(f" {WORD}\n"))
