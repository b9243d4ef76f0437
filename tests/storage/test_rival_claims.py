"""Many at once for sets of places, and a claim that runs out, is released and is settled in the same moment.

On both databases; each test has a second one without the guard, which must fail.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from desk.acting import SYSTEM, Actor
from desk.appointments.actions import Booked, book
from desk.appointments.refusals import SlotTaken
from desk.capacity.models import Slot
from desk.places.actions import hold, release, release_expired
from desk.places.claims import claim
from desk.places.counting import swap_places, take_places
from desk.places.models import Claim
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from tests.keys import KEYS
from tests.makers import NOW, TODAY, at, make_conversation, make_queue, make_service, make_slot
from tests.storage.test_rivals import all_at_once, appointments, arena, booking, looks_free, remaining, writes

LATE = NOW + timedelta(minutes=11)
SETS = 12


def two_slots(session: WriteSession) -> list[int]:
    """Two slots of five places each."""
    queue = make_queue(session, services=[make_service(session)])
    tomorrow = TODAY + timedelta(days=1)
    return [make_slot(session, queue=queue, starts_at=at(tomorrow, hour=hour), capacity=5).id for hour in (9, 10)]


def a_set(session: WriteSession, *, slot_ids: Sequence[int], holder: str) -> str:
    """Claim all of these places for one holder."""
    claim(session, kind=ClaimKind.SHARE, slot_ids=slot_ids, holder=holder)
    return holder


def a_set_without_the_guard(session: WriteSession, *, slot_ids: Sequence[int], holder: str) -> str:
    """The same, but trusting what was seen before: no counter, no guard."""
    for nth, slot_id in enumerate(slot_ids, start=1):
        session.execute(insert(Claim).values(kind=ClaimKind.SHARE, slot_id=slot_id, holder=holder, nth=nth))
    return holder


def overlapping(storage: Storage, slot_ids: list[int], action: Any) -> list[Any]:
    """Sets of two places of one slot and one of the other; every other one names them the other way round."""
    first, second = slot_ids
    return [
        writes(
            storage, action, slot_ids=[first, second, first] if n % 2 else [second, first, second], holder=f"set:{n}"
        )
        for n in range(SETS)
    ]


def owners(session: Session) -> dict[str, int]:
    """How many places each holder has."""
    return dict(Counter(session.scalars(select(Claim.holder)).all()))  # type: ignore[arg-type]  # all have a holder


async def test_sets_that_overlap_in_opposite_order_are_taken_whole_or_not_at_all(storage: Storage) -> None:
    slot_ids = await storage.write(two_slots)
    acts = overlapping(storage, slot_ids, a_set)
    answers = await all_at_once(storage, look=looks_free, looks={"slot_id": slot_ids[0]}, acts=acts)

    won = {answer for answer in answers if isinstance(answer, str)}
    assert sum(isinstance(answer, SlotTaken) for answer in answers) == SETS - len(won)
    assert await storage.read(owners) == dict.fromkeys(won, 3)
    assert len(won) == 3  # of five places each: two sets of one kind and one of the other
    left = [await storage.read(remaining, slot_id=slot_id) for slot_id in slot_ids]
    assert sum(left) == 10 - 3 * len(won)
    assert await storage.read(verify) == []


async def test_the_twin_that_trusts_what_it_saw_takes_more_than_there_are(storage: Storage) -> None:
    slot_ids = await storage.write(two_slots)
    acts = overlapping(storage, slot_ids, a_set_without_the_guard)
    await all_at_once(storage, look=looks_free, looks={"slot_id": slot_ids[0]}, acts=acts)

    assert sum((await storage.read(owners)).values()) > 10
    assert "slot_count" in {broken.rule for broken in await storage.read(verify)}


async def test_a_set_that_fails_at_its_last_place_leaves_nothing(storage: Storage) -> None:
    slot_ids = await storage.write(two_slots)

    def act(session: WriteSession) -> None:
        a_set(session, slot_ids=slot_ids[1:] * 4, holder="before")
        with pytest.raises(SlotTaken):
            a_set(session, slot_ids=[*slot_ids, slot_ids[1]], holder="after")
        with pytest.raises(SlotTaken):
            a_set(session, slot_ids=[slot_ids[0], slot_ids[1], *slot_ids[1:] * 5], holder="before")

    await storage.write(act)
    assert await storage.read(owners) == {"before": 4}
    assert [await storage.read(remaining, slot_id=slot_id) for slot_id in slot_ids] == [5, 1]
    assert await storage.read(verify) == []


async def test_the_twin_without_a_savepoint_keeps_a_part_of_the_set(storage: Storage) -> None:
    slot_ids = await storage.write(two_slots)

    def act(session: WriteSession) -> None:
        a_set(session, slot_ids=slot_ids[1:] * 5, holder="before")
        with pytest.raises(SlotTaken):
            swap_places(session, taken=slot_ids)

    await storage.write(act)
    assert "slot_count" in {broken.rule for broken in await storage.read(verify)}


@pytest.mark.parametrize("is_sorted", [True, False], ids=["in ascending order", "twin: in the order given"])
async def test_two_sets_in_opposite_order_lock_each_other_out_only_without_the_order(
    storage: Storage, database_url: str, is_sorted: bool
) -> None:
    """Each has its first place before either asks for its second, as far as the locks let them come."""
    if database_url.startswith("sqlite"):
        pytest.skip("SQLite writes one transaction at a time: nobody can have half a set")
    slot_ids = await storage.write(two_slots)
    both_have_one = asyncio.Barrier(2)

    async def one(order: list[int]) -> str:
        wanted = sorted(order) if is_sorted else order

        async def steps() -> str:
            async with storage.engine.begin() as connection:

                def take(sync: Any, slot_id: int) -> None:
                    take_places(WriteSession(bind=sync, info={"keys": KEYS}), slot_id=slot_id)

                await connection.run_sync(take, wanted[0])
                # In ascending order the second comer waits at the first place, so the first soon goes on alone; the
                # twins both come, however busy the machine is.
                with suppress(TimeoutError, asyncio.BrokenBarrierError):
                    async with asyncio.timeout(0.5 if is_sorted else 60):
                        await both_have_one.wait()
                await connection.run_sync(take, wanted[1])
            return "both"

        try:
            return await steps()
        except DBAPIError as error:
            return str(getattr(error.orig, "sqlstate", error))

    answers = await asyncio.gather(one(slot_ids), one(slot_ids[::-1]))
    deadlock_detected = "40P01"
    assert sorted(answers) == (["both", "both"] if is_sorted else [deadlock_detected, "both"])


# -- one claim, two ends of it


def held(session: WriteSession) -> dict[str, Any]:
    """Ten chats that each hold one of twelve places."""
    world = arena(session, places=12, rivals=10)
    for chat_id in world["chats"]:
        hold(session, actor=Actor.chat(chat_id), slot_id=world["slot_id"], now=NOW)
    return world


def is_held(session: Session, *, places: int) -> bool:
    """What everybody sees before they act: all are held."""
    return session.scalar(select(func.count()).select_from(Claim)) == places


async def test_a_claim_settled_while_it_runs_out_counts_once(storage: Storage) -> None:
    world = await storage.write(held)
    acts = [writes(storage, release_expired, now=LATE)] * 3
    acts += [writes(storage, book, **(booking(world, rival=n) | {"now": LATE})) for n in range(10)]
    answers = await all_at_once(storage, look=is_held, looks={"places": 10}, acts=acts)

    booked = [answer for answer in answers if isinstance(answer, Booked)]
    assert len(booked) == 10  # two places were free besides, and an expired one is free for its former holder too
    assert await storage.read(appointments) == 10
    assert await storage.read(remaining, slot_id=world["slot_id"]) == 2
    assert await storage.read(is_held, places=0)
    assert await storage.read(verify) == []


async def test_the_twin_that_settles_what_it_has_read_uses_a_place_twice(storage: Storage) -> None:
    world = await storage.write(held)

    def settle_unguarded(session: WriteSession, *, rival: int) -> None:
        """The booking takes no place of its own: it trusts that the claim it has read is still there."""
        answer = booking(world, rival=rival)
        book(session, **(answer | {"actor": SYSTEM, "for_chat": world["chats"][rival]}))
        session.execute(delete(Claim).where(Claim.conversation_id == world["chats"][rival]))
        session.execute(
            update(Slot).where(Slot.id == world["slot_id"]).values(remaining=Slot.remaining + 1, is_open=True)
        )

    assert await storage.read(is_held, places=10)
    await storage.write(release_expired, now=LATE)
    for rival in range(3):
        await storage.write(settle_unguarded, rival=rival)

    assert await storage.read(appointments) == 3
    assert await storage.read(remaining, slot_id=world["slot_id"]) == 12
    assert "slot_count" in {broken.rule for broken in await storage.read(verify)}


async def test_a_claim_released_while_it_is_settled_counts_once(storage: Storage) -> None:
    world = await storage.write(held)
    acts = [writes(storage, book, **booking(world, rival=n)) for n in range(10)]
    acts += [writes(storage, release, actor=Actor.chat(chat_id)) for chat_id in world["chats"]]
    answers = await all_at_once(storage, look=is_held, looks={"places": 10}, acts=acts)

    assert sum(isinstance(answer, Booked) for answer in answers) == 10
    assert await storage.read(appointments) == 10
    assert await storage.read(remaining, slot_id=world["slot_id"]) == 2
    assert await storage.read(verify) == []


async def test_the_twin_that_releases_what_it_has_read_frees_the_place_of_an_appointment(storage: Storage) -> None:
    world = await storage.write(held)

    def release_unguarded(session: WriteSession, *, chat_id: int) -> None:
        """It gives the place back whether or not the claim was still there to be deleted."""
        session.execute(delete(Claim).where(Claim.conversation_id == chat_id))
        swap_places(session, given_back=[world["slot_id"]])

    assert await storage.read(is_held, places=10)
    for rival in range(3):
        await storage.write(book, **booking(world, rival=rival))
        await storage.write(release_unguarded, chat_id=world["chats"][rival])

    assert await storage.read(appointments) == 3
    assert await storage.read(remaining, slot_id=world["slot_id"]) == 5
    assert "slot_count" in {broken.rule for broken in await storage.read(verify)}


async def test_two_messages_of_one_chat_at_once_hold_one_place(storage: Storage) -> None:
    slot_ids = await storage.write(two_slots)
    chat_id = await storage.write(lambda session: make_conversation(session).id)
    acts = [writes(storage, hold, actor=Actor.chat(chat_id), slot_id=slot_ids[n % 2], now=NOW) for n in range(8)]
    await all_at_once(storage, look=looks_free, looks={"slot_id": slot_ids[0]}, acts=acts)

    assert await storage.read(is_held, places=1)
    assert sum([await storage.read(remaining, slot_id=slot_id) for slot_id in slot_ids]) == 9
    assert await storage.read(verify) == []
