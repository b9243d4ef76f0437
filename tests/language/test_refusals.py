"""Refusals carry data, explain themselves and survive being raised through context managers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from desk.refusals import Refusal


@dataclass(frozen=True)
class SlotIsFull(Refusal):
    """The time was taken by somebody else a moment ago.

    More for readers of the code.
    """

    slot_id: int


@dataclass(frozen=True)
class NothingSaid(Refusal):
    day: str = "x"


class TooLate(Refusal):
    """The hour has passed."""


@contextmanager
def passing_through() -> Iterator[None]:
    yield


def test_a_refusal_says_what_it_is() -> None:
    refusal = SlotIsFull(slot_id=7)
    assert refusal.code == "slot_is_full"
    assert refusal.data() == {"slot_id": 7}
    assert str(refusal) == "The time was taken by somebody else a moment ago. (slot_id=7)"
    assert str(TooLate()) == "The hour has passed."
    assert NothingSaid().explanation == "nothing said"
    assert SlotIsFull(slot_id=7) == SlotIsFull(slot_id=7) != SlotIsFull(slot_id=8)


def test_a_frozen_refusal_passes_through_a_context_manager() -> None:
    with pytest.raises(SlotIsFull) as caught, passing_through():
        raise SlotIsFull(slot_id=1) from ValueError("below")
    assert caught.value.slot_id == 1
    assert isinstance(caught.value.__cause__, ValueError)
