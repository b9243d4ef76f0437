"""Fifty presses at once in one line, on both databases: one person goes to one counter, and a number is given once.

The tests without a guard must fail; they run on PostgreSQL, where presses really meet.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from desk.line import entering, stepping
from desk.line.actions import arrive, call_next, call_this, enter_walk_in, hold, undo
from desk.line.entries import entries, entries_of
from desk.line.refusals import CounterBusy, NotPossibleNow
from desk.line.rows import AfterPress, Entry
from desk.line.rules import Press
from desk.refusals import Refusal
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from desk.visits.actions import record_outcome
from desk.visits.rules import Outcome
from tests.domain.line_scene import CLERK, OneDay, after
from tests.makers import TODAY
from tests.storage.test_rival_shares import at_once
from tests.storage.test_rivals import writes

PRESSES = 50
WHO = {"actor": CLERK, "now": after(30)}


def fifty_wait(session: WriteSession) -> dict[str, Any]:
    """Half of them booked, half of them without an appointment."""
    day = OneDay(session, places=PRESSES)
    ids = [day.came(minute / 10, booked=minute // 9 * 15 if minute % 2 else None) for minute in range(PRESSES)]
    return {"office_id": day.id, "ids": ids}


def fifty_stand_at_the_door(session: WriteSession) -> dict[str, Any]:
    day = OneDay(session, places=PRESSES)
    return {"office_id": day.id, "ids": [day.without() for _ in range(PRESSES)]}


async def in_line(storage: Storage, there: Mapping[str, Any]) -> list[Entry]:
    return await storage.read(entries_of, office_id=there["office_id"], day=TODAY)


def called(answers: list[Any]) -> list[AfterPress]:
    return [each for each in answers if isinstance(each, AfterPress)]


@pytest.mark.requirement("000-05", "S")
async def test_fifty_counters_call_fifty_people(storage: Storage) -> None:
    there = await storage.write(fifty_wait)
    acts = [
        writes(storage, call_next, office_id=there["office_id"], counter=counter, **WHO)
        for counter in range(1, PRESSES + 1)
    ]
    answers = called(await at_once(acts))
    assert {each.appointment_id for each in answers} == set(there["ids"])
    assert {each.counter for each in answers} == set(range(1, PRESSES + 1))
    assert all(each.calls == 1 for each in await in_line(storage, there))
    assert await storage.read(verify) == []


async def test_fifty_counters_want_the_same_person(storage: Storage) -> None:
    there = await storage.write(fifty_wait)
    wanted = there["ids"][7]
    acts = [
        writes(storage, call_this, appointment_id=wanted, counter=counter, **WHO) for counter in range(1, PRESSES + 1)
    ]
    answers = await at_once(acts)
    [won] = called(answers)
    assert Counter(type(each) for each in answers)[NotPossibleNow] == PRESSES - 1
    [entry] = [each for each in await in_line(storage, there) if each.appointment_id == wanted]
    assert (entry.counter, entry.calls) == (won.counter, 1)


async def test_fifty_presses_at_one_counter_call_one_person(storage: Storage) -> None:
    there = await storage.write(fifty_wait)
    acts = [writes(storage, call_next, office_id=there["office_id"], counter=3, **WHO) for _ in range(PRESSES)]
    answers = await at_once(acts)
    assert len(called(answers)) == 1
    assert Counter(type(each) for each in answers)[CounterBusy] == PRESSES - 1
    assert await storage.read(verify) == []


async def test_one_press_that_is_sent_fifty_times_calls_one_person(storage: Storage) -> None:
    there = await storage.write(fifty_wait)
    press = Press(key="one key", pressed_at=after(29), staff_id=8)
    again = {"office_id": there["office_id"], "counter": 3, "press": press, **WHO}
    answers = await at_once([writes(storage, call_next, **again) for _ in range(PRESSES)])
    assert len({each.appointment_id for each in called(answers)}) == 1
    assert sum(not each.is_repeat for each in called(answers)) == 1
    assert sum(each.calls for each in await in_line(storage, there)) == 1


async def test_fifty_at_the_door_get_fifty_numbers(storage: Storage) -> None:
    there = await storage.write(fifty_stand_at_the_door)
    acts = [writes(storage, enter_walk_in, appointment_id=id, **WHO) for id in there["ids"]]
    numbers = await at_once(acts)
    assert len(set(numbers)) == PRESSES
    assert await storage.read(verify) == []


async def test_what_meets_leaves_the_line_true(storage: Storage) -> None:
    """Outcomes, calls, holds, arrivals and undone steps of the same people at the same time."""
    there = await storage.write(fifty_wait)
    acts: list[Callable[..., Any]] = []
    for nth, id in enumerate(there["ids"]):
        acts.append(writes(storage, call_next, office_id=there["office_id"], counter=nth % 6 + 1, **WHO))
        steps: list[tuple[Callable[..., Any], dict[str, Any]]] = [
            (record_outcome, {"outcome": Outcome.SERVED}),
            (hold, {}),
            (undo, {}),
            (call_this, {"counter": 7 + nth}),
            (arrive, {"press": Press(key=f"a{nth}", pressed_at=after(1))}),
        ]
        act, said = steps[nth % 5]
        acts.append(writes(storage, act, appointment_id=id, **said, **WHO))
    answers = await at_once(acts)
    assert any(isinstance(each, Refusal) for each in answers)
    assert called(answers)
    assert await storage.read(verify) == []


def without_the_guard(session: WriteSession, entry: Entry, values: Mapping[str, Any], **_said: Any) -> Entry:
    """A call that trusts what it read: who waited then is called, wherever they are now."""
    session.connection().execute(
        update(entries).where(entries.c.appointment_id == entry.appointment_id).values(**values)
    )
    return entry._replace(**values)


@pytest.mark.postgres
async def test_the_twin_that_trusts_what_it_read_calls_one_person_to_two_counters(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stepping, "change", without_the_guard)
    there = await storage.write(fifty_wait)
    acts = [
        writes(storage, call_next, office_id=there["office_id"], counter=counter, **WHO)
        for counter in range(1, PRESSES + 1)
    ]
    answers = called(await at_once(acts))
    assert len({each.appointment_id for each in answers}) < len(answers)


@pytest.mark.postgres
async def test_the_twin_that_gives_numbers_without_waiting_fails_at_the_index(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the guard of the counter two people would get one number; the last guard refuses that."""
    monkeypatch.setattr(entering, "hold", lambda _session, *, subject: None)
    monkeypatch.setattr(entering, "_next", lambda _session, _office, _day, *, taken: max(taken, default=0) + 1)
    there = await storage.write(fifty_stand_at_the_door)
    acts = [writes(storage, enter_walk_in, appointment_id=id, **WHO) for id in there["ids"]]
    answers = await asyncio.gather(*(act() for act in acts), return_exceptions=True)
    refused = [each for each in answers if isinstance(each, IntegrityError)]
    assert refused
    assert all("uq_line_entries_office_id_day_call_number" in str(each) for each in refused)
