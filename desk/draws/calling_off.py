"""Calling off a draw before its list closes: nobody is drawn, and everybody who would have taken part is told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert

from desk.acting import Actor, Permission
from desk.draws.ending import advance
from desk.draws.freezing import those_who_take_part
from desk.draws.history import DrawEvent, note
from desk.draws.models import DrawEntry
from desk.draws.preparing import set_values, to_change
from desk.draws.refusals import NotInThatState
from desk.draws.rows import DrawRow
from desk.draws.rules import DrawState
from desk.organisation import NATION
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_entries = table_of(DrawEntry)


def call_off_one(session: WriteSession, *, draw_id: int, actor: Actor, now: datetime) -> None:
    """The directorate calls off one announced draw whose list is not closed; the service is drawn as before.

    Its days are open as soon as all days before them are, at the latest at the hour at which it would have been held.
    Raises OutOfReach, NotInThatState.
    """
    actor.require(Permission.CAPACITY_WRITE, at=NATION)
    draw = to_change(session, draw_id=draw_id, actor=actor)
    if draw.state is not DrawState.OPEN:
        raise NotInThatState(draw_id=draw_id, state=draw.state)
    call_off(session, draw, actor=actor, now=now)
    advance(session, service_id=draw.service_id, province_code=draw.province_code, now=now)


def call_off(session: WriteSession, draw: DrawRow, *, actor: Actor, now: datetime) -> None:
    """The announced draw is not held; who waits for its places keeps the place in the line.

    The list is kept for the message alone, which the job of the draws sends (`ending.tell_the_others`). The caller has
    asked whether `actor` may do this.
    """
    count = 0
    for some in those_who_take_part(session, draw, now=now):
        session.connection().execute(insert(_entries), some)
        count += len(some)
    set_values(session, draw.id, state=DrawState.NOT_HELD, over_at=now)
    note(
        session,
        DrawEvent.NOT_HELD,
        draw_id=draw.id,
        province_code=draw.province_code,
        actor=actor,
        data={"told": count},
        now=now,
    )
