"""Closing several days of several queues at once, or opening more, and taking it back before anybody is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from desk.acting import Actor, Permission
from desk.calendar import TEHRAN, local_day_of
from desk.capacity.cutting import CutKind, DayCut
from desk.capacity.models import Queue
from desk.closings.foreseeing import QueueDay, days_soon
from desk.closings.models import ClosedDay, StaffClosing
from desk.closings.refusals import NothingToClose, OpeningStays, TooLateToUndo, TooMuchToClose, UndoneBefore
from desk.closings.rules import AT_ONCE, MOST_OF_A_CLOSING, NOT_YET, DayStep, soon_until
from desk.closings.steps import CLOSINGS, carried, go_on
from desk.consequences.actions import LONGEST_REASON, changes
from desk.consequences.recording import changed
from desk.consequences.rules import ChangeKind, Progress
from desk.events import actions as events
from desk.offices.models import Office
from desk.organisation import Node, office
from desk.refusals import whole
from desk.storage.base import WriteSession
from desk.storage.locks import hold
from desk.storage.upsert import table_of

_closings, _days, _queues, _offices = (table_of(model) for model in (StaffClosing, ClosedDay, Queue, Office))
SOME = 500
"""Queues of one statement, and rows of one insertion."""


def close(
    session: WriteSession,
    *,
    key: str,
    days: Sequence[QueueDay],
    by: DayCut,
    subject: str,
    detail: Mapping[str, Any],
    reason: str,
    actor: Actor,
    now: datetime,
) -> int:
    """Change these days of these queues and return the id of the change; the same `key` does it once.

    The soonest days are changed in this transaction, the others by the job. The people are proposed another time
    once all days are changed, and not before `told_from`; who has to be there soon, once their own day is changed.
    Days that are over are left out. Raises OutOfReach, NothingToClose, TooMuchToClose.
    """
    today = local_day_of(now, zone=TEHRAN).date
    wanted = sorted({each for each in days if each.day >= today}, key=lambda each: (each.day, each.queue_id))
    if not wanted:
        raise NothingToClose
    if len(wanted) > MOST_OF_A_CLOSING:
        raise TooMuchToClose(most=MOST_OF_A_CLOSING)
    for place in _places_of(session, sorted({each.queue_id for each in wanted})):
        actor.require(Permission.CAPACITY_WRITE, at=place)
    hold(session, subject=f"change:{key}")
    done: int | None = session.scalar(select(changes.c.id).where(changes.c.idem_key == key))
    if done is not None:
        return done
    change_id: int = session.scalars(
        insert(changes)
        .values(
            idem_key=key,
            kind=ChangeKind.DAY,
            subject=subject,
            detail=dict(detail),
            reason=whole(reason, most=LONGEST_REASON),
            staff_id=actor.staff_id,
            carry_from=NOT_YET,
            at=now,
        )
        .returning(changes.c.id)
    ).one()
    session.execute(insert(_closings).values(change_id=change_id, wish=asdict(by)))
    if len(wanted) > AT_ONCE:  # first those at which somebody has to be there soon: they are told before the rest
        soon = days_soon(session, now=now, until=soon_until(now))
        wanted.sort(key=lambda each: each not in soon)
    for first in range(0, len(wanted), SOME):
        session.connection().execute(
            insert(_days),
            [
                {"change_id": change_id, "queue_id": each.queue_id, "day": each.day, "step": DayStep.WAITING}
                for each in wanted[first : first + SOME]
            ],
        )
    told = {"closed_days": len({each.day for each in wanted}), "closed_queues": len({each.queue_id for each in wanted})}
    events.note(
        session,
        actor=actor,
        kind="closing.close" if by.kind is CutKind.CLOSE else "closing.open",
        subject=f"change:{change_id}",
        data={"of": subject, **told},
        now=now,
    )
    go_on(session, change_id=change_id, limit=AT_ONCE, now=now)
    return change_id


def undo(session: WriteSession, *, change_id: int, actor: Actor, now: datetime) -> None:
    """Take a closing back as long as nobody is told of it: its days are as before, but for those that are over.

    Raises OutOfReach, LookupError for an unknown closing, TooLateToUndo, UndoneBefore, OpeningStays.
    """
    queue_ids = session.scalars(select(_days.c.queue_id).where(_days.c.change_id == change_id).distinct()).all()
    if not queue_ids:
        raise LookupError(f"no closing {change_id}")
    for place in _places_of(session, sorted(queue_ids)):
        actor.require(Permission.CAPACITY_WRITE, at=place)
    wish: dict[str, Any] = session.scalars(select(_closings.c.wish).where(_closings.c.change_id == change_id)).one()
    if wish["kind"] == CutKind.OPEN:
        raise OpeningStays(change_id=change_id)
    taken_back = session.connection().execute(
        update(_closings)
        .where(_closings.c.change_id == change_id, _closings.c.undone_at.is_(None))
        .values(undone_at=now, undone_by=actor.staff_id)
    )
    if taken_back.rowcount != 1:
        raise UndoneBefore(change_id=change_id)
    of_it = _days.c.change_id == change_id
    session.execute(update(_days).where(of_it, _days.c.step == DayStep.WAITING).values(step=DayStep.UNDONE))
    session.execute(update(_days).where(of_it, _days.c.step == DayStep.DONE).values(step=DayStep.BACK))
    session.execute(delete(changed).where(changed.c.change_id == change_id, changed.c.step == Progress.WAITING))
    # Read only now: the statement above has waited while somebody was being moved, and has left them.
    if session.scalar(select(carried(change_id))):
        raise TooLateToUndo(change_id=change_id)
    events.note(session, actor=actor, kind="closing.undo", subject=f"change:{change_id}", now=now)
    session.changed(CLOSINGS, change_id)
    go_on(session, change_id=change_id, limit=AT_ONCE, now=now)


def _places_of(session: WriteSession, queue_ids: Sequence[int]) -> list[Node]:
    """The offices of these queues."""
    found: dict[int, Node] = {}
    for first in range(0, len(queue_ids), SOME):
        some = queue_ids[first : first + SOME]
        at = select(_offices.c.id, _offices.c.area).join(_queues, _queues.c.office_id == _offices.c.id)
        found |= {
            row.id: office(row.id, area=row.area)
            for row in session.execute(at.where(_queues.c.id.in_(some)).distinct())
        }
    return list(found.values())
