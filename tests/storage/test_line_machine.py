"""Random days in a line, on both databases; and the same without a guard, which must be found out.

`MIZBAN_LINE_STEPS` makes the days longer, `MIZBAN_LINE_HISTORIES` makes more of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from desk.line import entering, stepping
from desk.line.entries import entries
from desk.line.rules import Press
from desk.visits.actions import undo_arrival
from tests.storage.booking_model import Database
from tests.storage.line_machine import BOOKED, MARSHALS, DayInTheLine

STEPS = int(os.environ.get("MIZBAN_LINE_STEPS", "40"))
HISTORIES = int(os.environ.get("MIZBAN_LINE_HISTORIES", "0"))
ONE, OTHER = MARSHALS


@pytest.fixture
def machine(database_url: str) -> Iterator[type[DayInTheLine]]:
    """The machine over an empty database of this kind."""
    database = Database(database_url)
    yield type("Machine", (DayInTheLine,), {"database": database})
    database.close()


def test_on_any_day_one_person_is_at_one_counter_and_the_order_holds(
    machine: type[DayInTheLine], database_url: str
) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=HISTORIES or (15 if database_url.startswith("sqlite") else 3),
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


# -- days that need a guard: each is run with it, and without it


def a_press_is_sent_again(day: DayInTheLine) -> None:
    day.arrives(who=0, marshal=ONE)
    day.this_one(who=0, counter=1, marshal=ONE)
    day.takes_a_step(who=0, marshal=OTHER, step="call_again")
    day.a_kept_press_is_sent_again(nth=2)


def somebody_is_served(day: DayInTheLine) -> None:
    day.arrives(who=0, marshal=ONE)
    day.is_served(who=0, marshal=ONE, way="page")


def an_arrival_is_undone(day: DayInTheLine) -> None:
    day.arrives(who=0, marshal=ONE)
    day.another_page_records(who=0, marshal=ONE, does=undo_arrival)


def two_come_without_an_appointment(day: DayInTheLine) -> None:
    day.arrives(who=BOOKED, marshal=ONE)
    day.arrives(who=BOOKED + 1, marshal=OTHER)
    day.everything_is_started_anew()
    day.arrives(who=BOOKED + 2, marshal=ONE)


def never(_session: Any, _press: Press | None, **_said: Any) -> None:
    """No press was ever applied."""


NOTHING = update(entries).where(entries.c.appointment_id == -1).values(steps=0)
TWINS: dict[str, tuple[Callable[[DayInTheLine], None], Any, str, Any]] = {
    "applies a press twice": (a_press_is_sent_again, stepping, "applied_before", never),
    "keeps who is served": (somebody_is_served, entering, "_END", NOTHING),
    "keeps who was never there": (an_arrival_is_undone, entering, "_LEAVE", NOTHING),
    "gives a number twice": (two_come_without_an_appointment, entering, "walk_in_number", lambda _last, *, taken: 1),
}


@pytest.mark.parametrize("twin", TWINS)
def test_without_the_guard_the_day_is_found_out(
    machine: type[DayInTheLine], twin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    story, where, name, without = TWINS[twin]
    played(machine, story)
    machine.database.empty()
    monkeypatch.setattr(where, name, without)
    with pytest.raises((AssertionError, IntegrityError)):
        played(machine, story)


def played(machine: type[DayInTheLine], story: Callable[[DayInTheLine], None]) -> None:
    """One day, with all that must be so at its end."""
    day = machine()
    story(day)
    day.the_line_is_as_the_model_says()
    day.verify_finds_nothing()
    day.teardown()
