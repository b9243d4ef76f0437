"""Two counters register at the door at once, and two chats scan one slip at once: nobody has what another has.

On both databases; the twins have no guard, and must fail.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from desk.acting import SYSTEM, Actor
from desk.appointments.models import Appointment
from desk.capacity.models import Queue
from desk.capacity.shares import Share
from desk.line.models import LineEntry
from desk.people.rules import DocumentKind, IdentityDigest
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from desk.walk_ins import actions
from desk.walk_ins.actions import make_slip, tie
from desk.walk_ins.models import WalkInSlip
from desk.walk_ins.queries import slips
from desk.walk_ins.refusals import NoNumberLeft, SlipTiesNothing
from desk.walk_ins.registering import give_number
from tests.makers import NOW
from tests.storage.test_rival_shares import DAY, at_once, world
from tests.storage.test_rivals import writes

PLACES = 2
RIVALS = 8
DOOR = NOW.replace(year=DAY.year, month=DAY.month, day=DAY.day, hour=1)


def registering(there: dict[str, Any], *, rival: int) -> dict[str, Any]:
    return {
        "idem_key": f"door:{rival}",
        "office_id": there["office_id"],
        "service_id": there["service_id"],
        "name": "ر. گ.",
        "document_kind": DocumentKind.AMAYESH,
        "identity": IdentityDigest(f"d1.{rival}.0", None),
        "actor": SYSTEM,
        "now": DOOR,
    }


def door(session: WriteSession) -> dict[str, Any]:
    """One start of eight places, two of them for people without an appointment."""
    made = world(session)
    office = session.get_one(Queue, made["queue_id"]).office_id
    return made | {"office_id": office}


def walked_in(session: Session) -> int:
    return session.scalar(select(func.count()).where(Appointment.share == Share.WALK_IN)) or 0


def broken(found: list[Any]) -> set[str]:
    return {each.rule for each in found} - {"numbers_are_stretched"}


@pytest.mark.requirement("000-14", "S")
async def test_of_many_at_the_door_as_many_have_a_number_as_there_are_places(storage: Storage) -> None:
    there = await storage.write(door)
    acts = [writes(storage, give_number, **registering(there, rival=rival)) for rival in range(RIVALS)]
    answers = await at_once(acts)
    assert len([each for each in answers if isinstance(each, NoNumberLeft)]) == RIVALS - PLACES
    assert await storage.read(walked_in) == PLACES
    numbers = await storage.read(lambda session: list(session.scalars(select(LineEntry.call_number))))
    assert sorted(numbers) == [str(number) for number in range(1, PLACES + 1)], "no number twice"
    assert broken(await storage.read(verify)) == set()


async def test_a_double_press_at_the_door_is_one_number(storage: Storage) -> None:
    there = await storage.write(door)
    given = registering(there, rival=0)
    answers = await at_once([writes(storage, give_number, **given) for _ in range(2)])
    assert len({each.appointment_id for each in answers}) == 1
    assert await storage.read(walked_in) == 1
    assert broken(await storage.read(verify)) == set()


async def test_the_twin_that_trusts_what_it_saw_gives_places_out_that_are_gone(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the guard: the first place is given to everybody who asks, whether it was given before or not."""
    there = await storage.write(door)

    def seen(session: WriteSession, **_asked: Any) -> tuple[int, int]:
        return 10**9, there["slot_id"]  # a claim that is gone, as its place was seen a moment ago

    monkeypatch.setattr("desk.walk_ins.registering.use_walk_in", seen)
    monkeypatch.setattr("desk.appointments.booking.settle", lambda _session, **_given: None)
    await at_once([writes(storage, give_number, **registering(there, rival=rival)) for rival in range(RIVALS)])
    assert await storage.read(walked_in) > PLACES
    assert {"slot_count", "shares_within_what_is_set_apart"} <= broken(await storage.read(verify))


def slip(session: WriteSession) -> dict[str, Any]:
    there = door(session)
    booked = give_number(session, **registering(there, rival=0))
    make_slip(session, appointment_id=booked.appointment_id, actor=SYSTEM, now=DOOR)
    mark = session.scalars(select(WalkInSlip.mark)).one()
    return there | {"mark": mark, "appointment_id": booked.appointment_id}


def ties(storage: Storage, there: dict[str, Any]) -> list[Any]:
    return [
        writes(storage, tie, actor=Actor.chat(chat), mark=there["mark"], now=DOOR) for chat in there["chats"][:RIVALS]
    ]


async def test_of_many_chats_that_scan_one_slip_one_has_it(storage: Storage) -> None:
    there = await storage.write(slip)
    answers = await at_once(ties(storage, there))
    assert len([each for each in answers if isinstance(each, SlipTiesNothing)]) == RIVALS - 1
    assert answers.count(there["appointment_id"]) == 1
    assert broken(await storage.read(verify)) == set()


async def test_the_twin_of_a_slip_that_serves_again_and_again_gives_it_to_all(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the guards: the hash stays, and each that comes has the appointment."""
    again = (
        update(slips)
        .where(slips.c.mark == bindparam("of_mark"), bindparam("spent") == bindparam("spent"))
        .values(made_at=bindparam("now"))
        .returning(slips.c.appointment_id)
    )
    give = update(actions._appointments).where(actions._appointments.c.id == bindparam("of"))

    def gives(session: WriteSession, *, appointment_id: int, actor: Actor, **_given: Any) -> bool:
        session.connection().execute(give.values(conversation_id=actor.conversation_id), {"of": appointment_id})
        return True

    monkeypatch.setattr(actions, "_TIE", again)
    monkeypatch.setattr(actions, "give_to_chat", gives)
    there = await storage.write(slip)
    answers = await at_once(ties(storage, there))
    assert answers.count(there["appointment_id"]) == RIVALS
    assert "open_slip_of_no_chat" in broken(await storage.read(verify))
