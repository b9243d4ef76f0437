"""Many at once at the desk, in chats and without an appointment, for places that are set apart: none is sold twice.

On both databases; the second test has no guard, and must fail.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.acting import SYSTEM
from desk.appointments import booking as books
from desk.appointments.actions import book
from desk.appointments.models import Appointment
from desk.appointments.rules import HOLDS_A_PLACE
from desk.capacity.models import Queue, Slot
from desk.capacity.planning import refill
from desk.capacity.saving_shares import set_shares
from desk.capacity.shares import Share, Shares
from desk.places.claims import claims
from desk.places.shares import holder_of, use_walk_in
from desk.refusals import Refusal
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from tests.makers import NOW, TODAY
from tests.makers_hours import make_rule
from tests.storage.test_rivals import arena, booking, writes

DAY = TODAY + timedelta(days=7)
RIVALS = 16


def world(session: WriteSession) -> dict[str, Any]:
    """One start of eight places: four are the desk's, two for people without an appointment, two everybody's."""
    made = arena(session, rivals=RIVALS)
    queue = session.get_one(Queue, made["queue_id"])
    make_rule(session, queue=queue, opens=480, closes=495, counters=8)
    refill(session, queue_id=queue.id, now=NOW)
    shares = Shares(desk=50, walk_in=25, desk_hours=24)
    set_shares(session, queue_id=queue.id, shares=shares, actor=SYSTEM, now=NOW)
    [slot] = session.scalars(select(Slot).where(Slot.queue_id == queue.id, Slot.day == DAY)).all()
    return made | {"slot_id": slot.id}


def acts_of(storage: Storage, there: dict[str, Any]) -> list[Callable[..., Any]]:
    """Every other rival stands at the desk, the others sit in their chats; three come without an appointment."""
    acts = []
    for rival in range(RIVALS):
        given = booking(there, rival=rival)
        if rival % 2:
            given |= {"actor": SYSTEM, "at_desk": True}
        acts.append(writes(storage, book, **given))
    walks = [writes(storage, use_walk_in, queue_id=there["queue_id"], day=DAY, now=NOW) for _ in range(3)]
    return [*acts, *walks]


async def at_once(acts: list[Callable[..., Any]]) -> list[Any]:
    """All act in the same moment; refusals are answers."""

    async def one(act: Callable[..., Any]) -> Any:
        try:
            return await act()
        except Refusal as refusal:
            return refusal

    return list(await asyncio.gather(*(one(act) for act in acts)))


def booked(session: Session, *, slot_id: int) -> dict[Share | None, int]:
    """The appointments that hold a place of the slot, by share."""
    found = session.execute(
        select(Appointment.share, func.count().label("number"))
        .where(Appointment.slot_id == slot_id, Appointment.state.in_(HOLDS_A_PLACE))
        .group_by(Appointment.share)
    )
    return {row.share: row.number for row in found}


async def test_desk_chats_and_people_without_appointment_get_their_own_and_no_more(storage: Storage) -> None:
    there = await storage.write(world)
    answers = await at_once(acts_of(storage, there))

    assert await storage.read(booked, slot_id=there["slot_id"]) == {Share.DESK: 4, None: 2}
    given_out = [each for each in answers if isinstance(each, tuple)]
    assert len({claim for claim, _slot in given_out}) == len(given_out) == 2
    assert await storage.read(verify) == []


async def test_the_twin_that_trusts_what_it_saw_sells_the_places_of_the_desk_twice(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the guard: a place of the desk is seen, and the appointment is written where somebody else has it now."""

    def seen(session: WriteSession, *, slot_id: int) -> int | None:
        left = select(func.count()).where(claims.c.holder == holder_of(Share.DESK, slot_id))
        return session.scalar(left)

    monkeypatch.setattr(books, "of_desk", seen)
    monkeypatch.setattr(books, "settle", lambda _session, **_given: None)
    there = await storage.write(world)
    await at_once(acts_of(storage, there))

    assert {"shares_within_what_is_set_apart", "slot_count"} <= {each.rule for each in await storage.read(verify)}


async def test_a_share_that_changes_while_many_book_stays_within_its_slot(storage: Storage) -> None:
    there = await storage.write(world)

    def change(session: WriteSession, *, desk: int) -> None:
        set_shares(session, queue_id=there["queue_id"], shares=Shares(desk=desk, walk_in=25), actor=SYSTEM, now=NOW)

    changes = [writes(storage, change, desk=desk) for desk in (0, 75, 25)]
    acts = acts_of(storage, there)
    await at_once([*acts[:8], changes[0], *acts[8:12], changes[1], *acts[12:], changes[2]])
    assert sum((await storage.read(booked, slot_id=there["slot_id"])).values()) <= 8
    assert await storage.read(verify) == []
