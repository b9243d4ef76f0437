"""Random histories of people who wait, on both databases; and the same without a guard, which must be found out.

`MIZBAN_WAITING_STEPS` makes the histories longer, `MIZBAN_WAITING_HISTORIES` makes more of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import bindparam, update

from desk.appointments import ending, moving
from desk.capacity import freed
from desk.closings import steps as closings
from desk.places import counting, shares
from desk.places.claims import claims
from desk.places.counting import slots
from desk.waiting import asking, matching, offering
from desk.waiting import reactors as waiting_reactors
from tests.storage.booking_model import Database
from tests.storage.waiting_machine import CHATS, DAYS, PeopleWhoWait

STEPS = int(os.environ.get("MIZBAN_WAITING_STEPS", "15"))
HISTORIES = int(os.environ.get("MIZBAN_WAITING_HISTORIES", "0"))
FIRST_DAY, SECOND_DAY = DAYS
People = TypeVar("People", bound=PeopleWhoWait)


@pytest.fixture
def machine(database_url: str) -> Iterator[type[PeopleWhoWait]]:
    """The machine over an empty database of this kind."""
    database = Database(database_url)
    yield type("Machine", (PeopleWhoWait,), {"database": database})
    database.close()


def test_in_any_history_nobody_is_passed_by_and_no_place_is_idle(
    machine: type[PeopleWhoWait], database_url: str
) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=HISTORIES or (12 if database_url.startswith("sqlite") else 3),
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


# -- histories that need a guard: each is run with it, and without it


def two_people_book_one_place(people: PeopleWhoWait) -> None:
    people.book(chat=0, slot=2)
    people.book(chat=1, slot=2)


def a_place_is_given_back_while_two_wait(people: PeopleWhoWait) -> None:
    for chat in range(4):
        people.book(chat=chat, slot=chat)
    for chat in range(4, CHATS):
        people.ask(chat=chat, together=False)
        people.time_goes_on(minutes=5)
    people.the_jobs_run()
    people.give_back(which=3, by_office=False)
    people.the_jobs_run()
    people.time_goes_on(minutes=70)
    people.the_jobs_run()


def the_office_takes_a_time_away(people: PeopleWhoWait) -> None:
    people.book(chat=0, slot=2)
    people.time_goes_on(minutes=15 * 60)  # the line counts days
    people.give_back(which=0, by_office=True)
    people.ask(chat=0, together=False)


def a_day_with_people_is_closed(people: PeopleWhoWait) -> None:
    people.book(chat=0, slot=2)
    people.close(day=SECOND_DAY)
    people.the_jobs_run()
    people.time_goes_on(minutes=25)
    people.the_jobs_run()


def places_are_set_apart(people: PeopleWhoWait) -> None:
    people.book(chat=0, slot=0)
    people.set_apart(desk=50, walk_in=25)


def somebody_moves(people: PeopleWhoWait) -> None:
    people.book(chat=0, slot=0)
    people.hold(chat=0, slot=1)
    people.move(which=0, slot=1)


def one_of_two_who_share_a_place_leaves(people: PeopleWhoWait) -> None:
    people.say_whom_a_visit_serves(is_per_household=True)
    people.book_for_two(chat=0, slot=2)
    people.give_back(which=0, by_office=True)


def a_household_waits_for_one_place(people: PeopleWhoWait) -> None:
    for chat in range(4):
        people.book(chat=chat, slot=chat)
    people.ask(chat=4, together=True)
    people.the_jobs_run()
    people.give_back(which=3, by_office=True)
    people.the_jobs_run()
    people.say_whom_a_visit_serves(is_per_household=True)
    people.the_jobs_run()


def from_the_end(session: Any, asked: Any, page: Sequence[Any]) -> Iterator[Any]:
    """The line, begun at its end."""
    yield from reversed(page)


TAKES_WITHOUT_ASKING = update(slots).where(slots.c.id == bindparam("slot")).values(remaining=0, is_open=False)
OFFERS_WITHOUT_CLAIMING = update(claims).where(claims.c.id == bindparam("claim")).values(nth=claims.c.nth)

TWINS: dict[str, tuple[Callable[[PeopleWhoWait], None], Any, str, Any, str]] = {
    "books without the guarded statement": (
        *(two_people_book_one_place, counting, "_TAKE"),
        *(TAKES_WITHOUT_ASKING, "slot_count"),
    ),
    "keeps nothing for those who wait": (
        *(a_place_is_given_back_while_two_wait, freed, "keepers"),
        *(tuple, "idle"),
    ),
    "offers from the end of the line": (
        *(a_place_is_given_back_while_two_wait, matching, "_line"),
        *(from_the_end, "passed by"),
    ),
    "offers a place without claiming it": (
        *(a_place_is_given_back_while_two_wait, offering, "_TAKE_OVER"),
        *(OFFERS_WITHOUT_CLAIMING, "round_has_its_claims"),
    ),
    "forgets who had a time": (
        *(the_office_takes_a_time_away, asking, "kept_since"),
        *(lambda *_, **__: None, "kept priority"),
    ),
    "sets places apart without taking them": (
        *(places_are_set_apart, shares, "take_apart"),
        *(lambda *_, **__: None, "slot_count"),
    ),
    "moves and keeps both places": (
        *(somebody_moves, moving, "give_back_later"),
        *(lambda *_, **__: None, "slot_count"),
    ),
    "gives a place back that others of the household have": (
        *(one_of_two_who_share_a_place_leaves, ending, "place_left"),
        *(lambda _session, appointment: [appointment.held], "household_has_one_place"),
    ),
    "hands a place to nobody": (
        *(one_of_two_who_share_a_place_leaves, ending, "place_left"),
        *(lambda *_: [], "slot_count"),
    ),
    "looks for no household where one place is enough by now": (
        *(a_household_waits_for_one_place, waiting_reactors, "look_anew_for"),
        *(lambda *_, **__: None, "idle"),
    ),
    "closes a day and lists nobody": (
        *(a_day_with_people_is_closed, closings, "newly"),
        *(lambda *_, **__: [], "closed_time_is_known"),
    ),
}
"""What the twin does: the history that shows it, the guard that it has something else for, and what finds it out."""


def lived(people: People, history: Callable[[People], None]) -> None:
    """Live this history, and ask about every promise after it."""
    try:
        history(people)
        people.every_promise_is_kept()
        people.a_place_is_one_of_free_claimed_taken_or_shut()
    finally:
        people.database.empty()


@pytest.mark.parametrize("twin", TWINS)
def test_a_twin_without_its_guard_is_found_out(
    twin: str, machine: type[PeopleWhoWait], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("the guards that are taken away are the desk's own: one database shows it")
    history, module, guard, instead, sign = TWINS[twin]
    lived(machine(), history)
    monkeypatch.setattr(module, guard, instead)
    with pytest.raises(AssertionError, match=sign):
        lived(machine(), history)
