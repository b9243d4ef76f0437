"""Calling off a draw before its list closes: nobody is drawn, and everybody who would have taken part is told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert

from desk.acting import Actor
from desk.draws.freezing import those_who_take_part
from desk.draws.history import DrawEvent, note
from desk.draws.models import DrawEntry
from desk.draws.preparing import set_values
from desk.draws.rows import DrawRow
from desk.draws.rules import DrawState
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_entries = table_of(DrawEntry)


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
