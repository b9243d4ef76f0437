"""How long there is to answer an offer: never a minute of the night, and never less than was told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.outbox.quiet import is_quiet
from desk.values import LocalMoment
from desk.waiting.offer_rules import answer_until, time_to_answer
from tests.makers import TODAY, at

ZONE = "Asia/Tehran"
MINUTE = timedelta(minutes=1)


def ends(delivered: datetime, starts: datetime, *, made: datetime | None = None) -> datetime:
    return answer_until(delivered, made_at=made or delivered, starts_at=starts, zone=ZONE)


def test_what_is_left_of_the_time_after_the_evening_counts_from_the_morning() -> None:
    delivered = at(hour=20, minute=58)
    assert ends(delivered, at(TODAY + timedelta(days=2), hour=9)) == at(TODAY + timedelta(days=1), hour=9, minute=58)


def test_an_offer_ends_as_the_night_begins_where_the_start_is_early() -> None:
    starts = at(TODAY + timedelta(days=1), hour=7, minute=15)
    assert ends(at(hour=20, minute=30), starts) == at(hour=21)


def test_the_time_does_not_become_shorter_between_what_is_told_and_what_is_true() -> None:
    made, starts = at(hour=10), at(TODAY + timedelta(days=1), hour=10)
    told, true = ends(made - MINUTE, starts, made=made - MINUTE), ends(made + MINUTE, starts, made=made - MINUTE)
    assert true - told == 2 * MINUTE
    assert time_to_answer(starts - made) < time_to_answer(starts - (made - MINUTE)), "the limit lies between the two"


@given(st.integers(7 * 60, 21 * 60 - 1), st.integers(45, 12 * 1440), st.integers(0, 300))
@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
def test_an_end_is_never_in_the_night_after_the_start_or_before_what_was_told(
    minutes: int, ahead: int, later: int
) -> None:
    made = at(hour=0) + minutes * MINUTE
    starts = made + ahead * MINUTE
    if not 7 <= LocalMoment(starts, ZONE).clock.hour <= 20 or later * 2 >= ahead:
        return
    told, true = ends(made, starts, made=made), ends(made + later * MINUTE, starts, made=made)
    assert made < told <= true <= starts
    assert not is_quiet(told - MINUTE / 60, zone=ZONE)
