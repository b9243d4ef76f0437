"""Random histories of people whose days are drawn; and the same without a guard, which must be found out.

`MIZBAN_WAITING_STEPS` makes the histories longer, `MIZBAN_WAITING_HISTORIES` makes more of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from desk.appointments import inserting
from desk.capacity.bookable import window
from desk.draws import ending, freezing
from desk.draws.rules import DrawState
from tests.storage import draws_reads as reads
from tests.storage.booking_model import Database
from tests.storage.draws_machine import PeopleWhoAreDrawn
from tests.storage.test_waiting_machine import HISTORIES, STEPS, lived


@pytest.fixture
def machine(database_url: str) -> Iterator[type[PeopleWhoAreDrawn]]:
    """The machine over an empty database of this kind."""
    database = Database(database_url)
    yield type("Machine", (PeopleWhoAreDrawn,), {"database": database})
    database.close()


def test_in_any_history_drawn_places_are_given_by_their_draw_alone(
    machine: type[PeopleWhoAreDrawn], database_url: str
) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=HISTORIES or (16 if database_url.startswith("sqlite") else 3),
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


# -- histories that need a guard: each is run with it, and without it


def the_list_of_a_day_is_closed(people: PeopleWhoAreDrawn) -> None:
    people.begin(how_far=2, asking=5)
    [draw] = people.database.read(reads.draws)
    assert draw.state is DrawState.FROZEN


def a_drawn_day_ends(people: PeopleWhoAreDrawn) -> None:
    """The only one who asks declines: the other places are everybody's when it is over."""
    people.begin(how_far=3, asking=1)
    people.messages_arrive()
    people.answer(which=0, accepts=False)
    people.the_jobs_run()


def somebody_looks_at_a_drawn_day(people: PeopleWhoAreDrawn) -> None:
    people.begin(how_far=1, asking=1)
    people.time_goes_on(minutes=5)
    people.book(chat=0, slot=4)


TWINS: dict[str, tuple[Callable[[PeopleWhoAreDrawn], None], Any, str, Any, str]] = {
    "lists places without taking them": (
        *(the_list_of_a_day_is_closed, freezing, "swap_places"),
        *(lambda *_, **__: None, "slot_count"),
    ),
    "lets who looks book what is drawn": (
        *(somebody_looks_at_a_drawn_day, inserting, "window"),
        *(lambda now, **_: window(now, by_draw=True), "drawn_place_is_booked_by_draw"),
    ),
    "ends and keeps its places": (
        *(a_drawn_day_ends, ending, "give_back"),
        *(lambda *_, **__: None, "draw_over_keeps_nothing"),
    ),
}
"""What the twin does: the history that shows it, the guard that it has something else for, and what finds it out."""


@pytest.mark.parametrize("twin", TWINS)
def test_a_twin_without_its_guard_is_found_out(
    twin: str, machine: type[PeopleWhoAreDrawn], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("the guards that are taken away are the desk's own: one database shows it")
    history, module, guard, instead, sign = TWINS[twin]
    lived(machine(), history)
    monkeypatch.setattr(module, guard, instead)
    with pytest.raises(AssertionError, match=sign):
        lived(machine(), history)
