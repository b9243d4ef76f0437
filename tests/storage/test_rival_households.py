"""Several of one household leave, or join, a slot at the same moment: its one place is given back once, by the last.

On both databases; the last test has no guard, and must fail.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from desk.acting import SYSTEM, Actor
from desk.appointments import changing, moving
from desk.appointments.actions import Member, book_together, cancel_by_office, move
from desk.appointments.models import Appointment
from desk.appointments.one_place import joins_there
from desk.capacity.models import Queue, Slot
from desk.catalogue.models import Service
from desk.people.rules import DocumentKind
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from tests.makers import NOW, at, make_person, make_slot
from tests.storage.test_rival_shares import at_once
from tests.storage.test_rivals import arena, writes

PEOPLE = 4


def family(session: WriteSession, *, at_both: bool = False) -> dict[str, Any]:
    """A household at one slot with one place; with `at_both` its second one has moved to the other slot."""
    made = arena(session, places=1, rivals=1)
    session.get_one(Service, made["service_id"]).is_per_household = True
    queue = session.get_one(Queue, made["queue_id"])
    there = make_slot(session, queue=queue, starts_at=at(made["day"], hour=15), capacity=1)
    [chat] = made["chats"]
    done = book_together(
        session,
        idem_key="family",
        actor=Actor.chat(chat),
        service_id=made["service_id"],
        members=[Member(made["slot_id"], make_person(session).id, "ر", DocumentKind.AMAYESH) for _ in range(PEOPLE)],
        now=NOW,
    )
    world = made | {"there": there.id, "appointments": [each.appointment_id for each in done], "chat": chat}
    if at_both:
        move(session, **moved(world, 1))
    return world


def moved(world: dict[str, Any], number: int) -> dict[str, Any]:
    return {
        "idem_key": f"move:{number}",
        "appointment_id": world["appointments"][number],
        "actor": Actor.chat(world["chat"]),
        "slot_id": world["there"],
        "now": NOW,
    }


def leave(storage: Storage, world: dict[str, Any], number: int) -> Callable[..., Any]:
    given = {"appointment_id": world["appointments"][number], "actor": SYSTEM, "reason": "", "now": NOW}
    return writes(storage, cancel_by_office, **given)


def left(session: Session, *, slot_id: int) -> int:
    return session.scalars(select(Slot.remaining).where(Slot.id == slot_id)).one()


@pytest.mark.requirement("000-13", "M")
async def test_all_who_leave_at_once_give_back_one_place(storage: Storage) -> None:
    world = await storage.write(family)
    await at_once([leave(storage, world, number) for number in range(PEOPLE)])
    assert await storage.read(left, slot_id=world["slot_id"]) == 1
    assert await storage.read(verify) == []


async def test_whoever_stays_has_the_place(storage: Storage) -> None:
    world = await storage.write(family)
    await at_once([leave(storage, world, number) for number in range(PEOPLE - 1)])
    assert await storage.read(left, slot_id=world["slot_id"]) == 0
    have_one = select(Appointment.has_place).where(Appointment.id == world["appointments"][-1])
    assert await storage.read(lambda session: session.scalars(have_one).one())
    assert await storage.read(verify) == []


async def test_who_joins_while_the_one_there_leaves_has_a_place_or_is_refused(storage: Storage) -> None:
    world = await storage.write(family, at_both=True)
    acts = [leave(storage, world, 1), *(writes(storage, move, **moved(world, number)) for number in (0, 2, 3))]
    await at_once(acts)
    assert await storage.read(verify) == []


@pytest.mark.postgres
async def test_the_twin_without_the_lock_stands_without_a_place(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looks(session: WriteSession, appointment: Any, *, slot_id: int) -> bool:
        found = joins_there(session, appointment, slot_id=slot_id)
        session.execute(text("SELECT pg_sleep(0.5)"))  # until the one who is there has left
        return found

    monkeypatch.setattr(changing, "hold", lambda session, *, subject: None)
    monkeypatch.setattr(moving, "joins_there", looks)
    world = await storage.write(family, at_both=True)
    leaves = leave(storage, world, 1)

    async def leaves_a_little_later() -> Any:
        await asyncio.sleep(0.2)
        return await leaves()

    await at_once([writes(storage, move, **moved(world, 2)), leaves_a_little_later])
    assert "household_has_one_place" in {broken.rule for broken in await storage.read(verify)}
