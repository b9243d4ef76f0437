"""The list of people to be phoned: nobody is left out of it, however many stand before them who need no call."""

from __future__ import annotations

from desk.consequences import queries
from desk.consequences.models import Change, ChangedTurn
from desk.consequences.rules import Kind, Remedy, Step, Why
from desk.storage.base import WriteSession
from tests.makers import NOW, TODAY
from tests.makers_changes import Town, made, turn


def test_people_who_need_no_call_hide_nobody_who_does(session: WriteSession) -> None:
    """Whoever keeps a place at a counter that is gone need not be told; however many they are, the one behind must."""
    town = Town(session)
    kept = town.people(2)
    (phoned,) = town.people(1, first=9 * 60, has_chat=False)
    slots = {id: turn(session, id).slot_id for id in (*kept, phoned)}
    for number in range(queries.SHOWN // 2 + 1):
        change = Change(idem_key=f"fewer counters {number}", kind=Kind.DAY, subject="queue:1", detail={}, at=NOW)
        session.add(change)
        session.flush()
        for id in kept:
            session.add(
                ChangedTurn(
                    change_id=change.id,
                    appointment_id=id,
                    office_id=town.office.id,
                    slot_id=slots[id],
                    starts_at=turn(session, id).starts_at,
                    why=Why.OVER,
                    remedy=Remedy.KEEP,
                    step=Step.KEPT,
                )
            )
    session.flush()
    made(session, town.close(), remedy=Remedy.CANCEL)
    listed = queries.not_reached(session, office_id=town.office.id, since=TODAY)
    assert phoned in {row.appointment_id for row in listed}
