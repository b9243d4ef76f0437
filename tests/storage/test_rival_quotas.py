"""Many at once for the last places of a quota: nobody gets one too many, whichever time of the day they take.

On both databases; the second test has no guard, and must fail.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from desk.acting import SYSTEM, Actor
from desk.appointments.actions import book, cancel, move
from desk.appointments.models import Appointment
from desk.appointments.refusals import QuotaUsedUp
from desk.appointments.rules import HOLDS_A_PLACE
from desk.capacity.free import first_free, free_days, free_times
from desk.capacity.models import Queue, Slot
from desk.capacity.next_free import days_to_next_free
from desk.capacity.saving_quotas import set_quotas
from desk.capacity.together import times_together
from desk.places import quotas
from desk.places.actions import hold, release
from desk.places.quotas import OfDay
from desk.places.shares import free_at_desk
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from tests.makers import NOW, at, make_slot
from tests.storage.test_rival_shares import at_once
from tests.storage.test_rivals import arena, booking, writes

RIVALS = 16
MOST = 3
DAYS = 2
STARTS = 4


def world(session: WriteSession, *, most: int | None = MOST) -> dict[str, Any]:
    """Four starts on each of two days, with room for all rivals, and a quota of three people a day."""
    made = arena(session, places=RIVALS, rivals=RIVALS)
    queue = session.get_one(Queue, made["queue_id"])
    slots = [
        make_slot(
            session, queue=queue, starts_at=at(made["day"] + timedelta(days=day), hour=13 + start), capacity=RIVALS
        )
        for day in range(1, DAYS + 1)
        for start in range(STARTS)
    ]
    there = made | {"slots": [slot.id for slot in slots], "days": sorted({slot.day for slot in slots})}
    if most is not None:
        bound(session, there, most=most)
    return there


def bound(session: WriteSession, there: dict[str, Any], *, most: int | None) -> None:
    set_quotas(session, queue_id=there["queue_id"], quotas={there["service_id"]: most}, actor=SYSTEM, now=NOW)


def booked(session: Session) -> dict[date, int]:
    """The appointments of each day that hold a place."""
    found = session.execute(
        select(Appointment.day, func.count()).where(Appointment.state.in_(HOLDS_A_PLACE)).group_by(Appointment.day)
    )
    return {row[0]: row[1] for row in found}


def all_on_one_day(storage: Storage, there: dict[str, Any]) -> list[Callable[..., Any]]:
    return [
        writes(storage, book, **(booking(there, rival=rival) | {"slot_id": there["slots"][rival % STARTS]}))
        for rival in range(RIVALS)
    ]


@pytest.mark.requirement("000-13", "M")
async def test_of_many_at_once_as_many_as_the_quota_get_one(storage: Storage) -> None:
    there = await storage.write(world)
    answers = await at_once(all_on_one_day(storage, there))
    assert await storage.read(booked) == {there["days"][0]: MOST}
    assert sum(isinstance(each, QuotaUsedUp) for each in answers) == RIVALS - MOST
    assert await storage.read(verify) == []


async def test_the_twin_that_only_counts_books_all(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the guard: what is taken is counted, and nothing compares it with the quota."""

    def unguarded(connection: Connection, of_day: OfDay, *, places: int) -> bool:
        quotas.count(connection, of_day, places=places)
        return True

    monkeypatch.setattr(quotas, "took", unguarded)
    monkeypatch.setattr(quotas, "leaves_enough", lambda connection, of_day: True)
    there = await storage.write(world)
    await at_once(all_on_one_day(storage, there))
    assert (await storage.read(booked))[there["days"][0]] > MOST


async def test_the_last_one_is_held_by_one_of_two(storage: Storage) -> None:
    there = await storage.write(world, most=1)
    service_id = there["service_id"]
    acts = [
        writes(storage, hold, actor=Actor.chat(there["chats"][each]), slot_id=slot_id, service_id=service_id, now=NOW)
        for each, slot_id in enumerate(there["slots"][:2])
    ]
    answers = await at_once(acts)
    assert sum(isinstance(each, QuotaUsedUp) for each in answers) == 1
    assert await storage.read(verify) == []


async def test_those_who_move_hold_and_cancel_at_once_keep_the_count(storage: Storage) -> None:
    there = await storage.write(world)
    first, second = there["slots"][:STARTS], there["slots"][STARTS:]
    made = [
        await storage.write(book, **(booking(there, rival=rival) | {"slot_id": slot_id}))
        for rival, slot_id in enumerate([*first[:MOST], *second[:MOST]])
    ]
    acts: list[Callable[..., Any]] = []
    for rival, each in enumerate(made):
        given = {"appointment_id": each.appointment_id, "actor": Actor.chat(there["chats"][rival]), "now": NOW}
        if rival % 3 == 0:
            acts.append(writes(storage, cancel, **given))
        else:
            to = second[-1] if rival < MOST else first[-1]
            acts.append(writes(storage, move, idem_key=f"move:{rival}", slot_id=to, **given))
    for rival in range(len(made), RIVALS):
        chat = {"actor": Actor.chat(there["chats"][rival])}
        slot_id, service_id = there["slots"][rival % len(there["slots"])], there["service_id"]
        acts.append(writes(storage, hold, slot_id=slot_id, service_id=service_id, now=NOW, **chat))
        acts.append(writes(storage, release, **chat))
    for answer in await at_once(acts):
        assert answer is None or not isinstance(answer, Exception) or isinstance(answer, QuotaUsedUp)
    assert all(number <= MOST for number in (await storage.read(booked)).values())
    assert await storage.read(verify) == []


async def test_a_quota_that_is_set_while_many_book_counts_what_is_booked(storage: Storage) -> None:
    there = await storage.write(world, most=None)
    sets = [writes(storage, lambda session, most: bound(session, there, most=most), most=most) for most in (5, None, 2)]
    acts = all_on_one_day(storage, there)
    await at_once([*acts[:5], sets[0], *acts[5:9], sets[1], *acts[9:], sets[2]])
    assert await storage.read(verify) == []


async def test_what_is_free_is_read_alike_on_both_databases(storage: Storage) -> None:
    there = await storage.write(world, most=1)
    await storage.write(book, **(booking(there, rival=0) | {"slot_id": there["slots"][0]}))

    def read(session: Session) -> tuple[Any, ...]:
        office_id = session.get_one(Queue, there["queue_id"]).office_id
        service_id, full = there["service_id"], there["days"][0]
        here: dict[str, Any] = {"service_id": service_id, "office_id": office_id}
        soonest = first_free(session, service_id=service_id, office_ids=[office_id], after=NOW, limit=20)
        [wait] = days_to_next_free(session, queue_ids=[there["queue_id"]], now=NOW).values()
        return (
            [(each.day, each.free) for each in free_days(session, **here, after=NOW)],
            sorted({each.day for each in soonest}),
            free_times(session, **here, day=full, after=NOW),
            times_together(session, **here, day=there["days"][1], people=2, after=NOW),
            free_at_desk(session, **here, day=full, after=NOW),
            wait,
        )

    open_days = [there["day"], there["days"][1]]
    today = NOW.date()
    assert await storage.read(read) == (
        [(day, 1) for day in open_days],
        open_days,
        [],
        [],
        [],
        (there["day"] - today).days,
    )
    assert await storage.read(lambda session: session.scalar(select(func.count()).select_from(Slot))) == 9
