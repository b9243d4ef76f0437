"""The list of people to be phoned: nobody is left out of it, however many stand before them who need no call."""

from __future__ import annotations

from sqlalchemy import select

from desk.acting import Actor
from desk.appointments.actions import cancel
from desk.consequences import queries
from desk.consequences.models import Change, ChangedAppointment
from desk.consequences.rules import ChangeKind, Progress, Reached, Remedy, Why
from desk.organisation import EVERYWHERE
from desk.outbox import actions as outbox
from desk.outbox.models import OutboxMessage
from desk.storage.base import WriteSession
from tests.makers import NOW, TODAY
from tests.makers_changes import Town, appointment_of, made


def test_people_who_need_no_call_hide_nobody_who_does(session: WriteSession) -> None:
    """A person who keeps a place at a removed counter need not be told; the one behind them must, however many they
    are."""
    town = Town(session)
    kept = town.people(2)
    (phoned,) = town.people(1, first=9 * 60, has_chat=False)
    slots = {id: appointment_of(session, id).slot_id for id in (*kept, phoned)}
    for number in range(queries.SHOWN // 2 + 1):
        change = Change(idem_key=f"fewer counters {number}", kind=ChangeKind.DAY, subject="queue:1", detail={}, at=NOW)
        session.add(change)
        session.flush()
        for id in kept:
            session.add(
                ChangedAppointment(
                    change_id=change.id,
                    appointment_id=id,
                    office_id=town.office.id,
                    slot_id=slots[id],
                    starts_at=appointment_of(session, id).starts_at,
                    why=Why.OVER,
                    remedy=Remedy.KEEP,
                    step=Progress.KEPT,
                )
            )
    session.flush()
    made(session, town.close(), remedy=Remedy.CANCEL)
    listed = queries.not_reached(session, office_id=town.office.id, since=TODAY)
    assert phoned in {row.appointment_id for row in listed}


def test_nobody_is_told_what_a_later_change_has_made_untrue(session: WriteSession) -> None:
    """Moved, then cancelled: the office tells of the end only, and neither tally waits for the other."""
    town = Town(session)
    first, second = town.people(2, has_chat=False)
    moved = made(session, town.close(), remedy=Remedy.MOVE)
    assert _told(session, town) == [(first, Progress.MOVED), (second, Progress.MOVED)]
    cancelled = made(session, town.close(appointment_of(session, first).day), remedy=Remedy.CANCEL, key="later")

    assert _told(session, town) == [(first, Progress.CANCELLED), (second, Progress.CANCELLED)]
    assert [_waiting(session, each.change_id) for each in (moved, cancelled)] == [(0, 2), (2, 0)]
    rows = queries.people(session, change_id=moved.change_id or 0, office_id=town.office.id)
    assert {row.reached for row in rows} == {Reached.NOT_NEEDED}
    (there,) = queries.still_to_tell(session, scope=EVERYWHERE, since=TODAY)
    assert there.number == 2


def test_whoever_cancelled_it_meanwhile_needs_no_call(session: WriteSession) -> None:
    town = Town(session)
    (gone,) = town.people(1)
    moved = made(session, town.close(), remedy=Remedy.MOVE)
    for message in session.scalars(select(OutboxMessage.id).where(OutboxMessage.notice == "moved_by_office")).all():
        outbox.mark_dead(session, id=message, reason="blocked")
    assert _told(session, town) == [(gone, Progress.MOVED)]
    cancel(session, appointment_id=gone, actor=Actor.chat(appointment_of(session, gone).conversation_id or 0), now=NOW)

    assert _told(session, town) == []
    assert _waiting(session, moved.change_id) == (0, 1)


def _told(session: WriteSession, town: Town) -> list[tuple[int, Progress]]:
    rows = queries.not_reached(session, office_id=town.office.id, since=TODAY)
    return [(row.appointment_id, row.step) for row in rows]


def _waiting(session: WriteSession, change_id: int | None) -> tuple[int, int]:
    (row,) = queries.tallies(session, change_id=change_id or 0)
    return row.not_reached, row.not_needed
