"""A closed time sells nothing, not even its last place, confirms nothing and counts for none.

The statements themselves say no: with two places left the check of the table would stop a sale, with exactly one
nothing but the statement does.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.capacity.models import Slot, SlotStatus
from desk.capacity.queries import offices_without_times
from desk.capacity.refusals import SlotTaken
from desk.organisation import EVERYWHERE
from desk.places.actions import hold
from desk.places.claims import settle
from desk.places.counting import confirm_place, slots, take_places
from desk.places.holds import release
from desk.places.models import Claim
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.makers import NOW, TODAY, at, make_conversation, make_queue, make_service, make_slot

TOMORROW = TODAY + timedelta(days=1)


def closed_with_one_left(session: WriteSession) -> dict[str, int]:
    """A closed time with exactly one place left, an open one beside it, and a chat."""
    queue = make_queue(session, services=[make_service(session)])
    shut = make_slot(session, queue=queue, starts_at=at(TOMORROW, hour=9), capacity=1, status=SlotStatus.CLOSED)
    free = make_slot(session, queue=queue, starts_at=at(TOMORROW, hour=10), capacity=1)
    return {"shut": shut.id, "free": free.id, "chat": make_conversation(session).id}


def held_then_closed(session: WriteSession) -> dict[str, int]:
    """A chat holds one of two places of a time, which is closed then, with the other place left."""
    queue = make_queue(session, services=[make_service(session)])
    slot = make_slot(session, queue=queue, starts_at=at(TOMORROW, hour=9), capacity=2)
    chat = make_conversation(session)
    hold(session, actor=Actor.chat(chat.id), slot_id=slot.id, now=NOW)
    session.execute(update(slots).where(slots.c.id == slot.id).values(status=SlotStatus.CLOSED, is_open=False))
    return {"shut": slot.id, "chat": chat.id}


def remaining(session: Session, *, slot_id: int) -> int:
    return session.scalars(select(Slot.remaining).where(Slot.id == slot_id)).one()


def held(session: Session) -> list[tuple[int | None, int]]:
    """Who holds which slot."""
    return [(chat, slot) for chat, slot in session.execute(select(Claim.conversation_id, Claim.slot_id))]


def claim_of(session: Session) -> int:
    """The only claim, as a booking reads it."""
    return session.scalars(select(Claim.id)).one()


async def refused(storage: Storage, action: Any, **given: Any) -> None:
    """The action answers SlotTaken, and what it had written by then is kept, as a caller that goes on would."""

    def act(session: WriteSession) -> None:
        with pytest.raises(SlotTaken):
            action(session, **given)

    await storage.write(act)


async def test_the_last_place_of_a_closed_time_is_not_taken(storage: Storage) -> None:
    world = await storage.write(closed_with_one_left)
    assert await storage.read(remaining, slot_id=world["shut"]) == 1

    await refused(storage, take_places, slot_id=world["shut"])

    assert await storage.read(remaining, slot_id=world["shut"]) == 1


async def test_the_last_place_of_a_closed_time_is_not_held_and_what_was_held_stays(storage: Storage) -> None:
    world = await storage.write(closed_with_one_left)
    await refused(storage, hold, actor=Actor.chat(world["chat"]), slot_id=world["shut"], now=NOW)
    assert await storage.read(held) == []

    await storage.write(hold, actor=Actor.chat(world["chat"]), slot_id=world["free"], now=NOW)
    await refused(storage, hold, actor=Actor.chat(world["chat"]), slot_id=world["shut"], now=NOW)

    assert await storage.read(held) == [(world["chat"], world["free"])]
    assert await storage.read(remaining, slot_id=world["shut"]) == 1


async def test_a_place_held_is_not_confirmed_once_the_time_is_closed(storage: Storage) -> None:
    world = await storage.write(held_then_closed)
    assert await storage.read(remaining, slot_id=world["shut"]) == 1

    await refused(storage, confirm_place, slot_id=world["shut"])

    assert await storage.read(remaining, slot_id=world["shut"]) == 1


async def test_a_place_held_is_neither_renewed_nor_spent_once_the_time_is_closed(storage: Storage) -> None:
    world = await storage.write(held_then_closed)
    before = await storage.read(lambda session: session.scalars(select(Claim.expires_at)).one())
    later = NOW + timedelta(minutes=3)

    await refused(storage, hold, actor=Actor.chat(world["chat"]), slot_id=world["shut"], now=later)
    mine = await storage.read(claim_of)
    await refused(storage, settle, claim_id=mine, slot_id=world["shut"])

    assert await storage.read(held) == [(world["chat"], world["shut"])]
    assert await storage.read(lambda session: session.scalars(select(Claim.expires_at)).one()) == before
    assert await storage.read(remaining, slot_id=world["shut"]) == 1


async def test_a_place_given_back_does_not_open_the_time_again(storage: Storage) -> None:
    world = await storage.write(held_then_closed)

    assert await storage.write(release, actor=Actor.chat(world["chat"]))

    def stands(session: Session) -> tuple[int, SlotStatus, bool]:
        slot = session.get_one(Slot, world["shut"])
        return slot.remaining, slot.status, slot.is_open

    assert await storage.read(stands) == (2, SlotStatus.CLOSED, False)


async def test_an_office_whose_times_are_closed_has_none(storage: Storage) -> None:
    def two_offices(session: WriteSession) -> int:
        open_one, shut_one = make_queue(session), make_queue(session)
        make_slot(session, queue=open_one, capacity=1, remaining=0)
        make_slot(session, queue=shut_one, capacity=1, status=SlotStatus.CLOSED)
        return shut_one.office_id

    shut = await storage.write(two_offices)
    found = await storage.read(offices_without_times, scope=EVERYWHERE, now=NOW)
    assert [office.id for office in found] == [shut]


async def test_an_open_time_is_taken_and_confirmed(storage: Storage) -> None:
    """To compare: with the same steps an open slot sells its last place."""
    world = await storage.write(closed_with_one_left)
    await storage.write(hold, actor=Actor.chat(world["chat"]), slot_id=world["free"], now=NOW)
    await storage.write(confirm_place, slot_id=world["free"])
    await storage.write(hold, actor=Actor.chat(world["chat"]), slot_id=world["free"], now=NOW + timedelta(minutes=3))
    mine = await storage.read(claim_of)
    await storage.write(settle, claim_id=mine, slot_id=world["free"])

    assert await storage.read(remaining, slot_id=world["free"]) == 0
    assert await storage.read(lambda session: session.scalar(select(func.count()).select_from(Claim))) == 0
