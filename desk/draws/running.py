"""What has to be done for draws from time to time: close lists, draw, invite, tell, hand on, end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, exists, or_, select

from desk.capacity.models import DrawnService
from desk.draws.drawing import BATCH, draw_some
from desk.draws.ending import UNTOLD, advance, end_draw, tell_the_others
from desk.draws.freezing import freeze
from desk.draws.inviting import entries, invite_next, invite_winners, is_with_somebody
from desk.draws.queries import draw_of, draws
from desk.draws.rows import DrawRow
from desk.draws.rules import FIGURE_WITHIN, LIVE_DRAWS, DrawNotice, DrawState, ends_at
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

AT_ONCE = 500
"""Winners who are offered their places, or others who are told, in one transaction."""
_drawn = table_of(DrawnService)
_IS_UNTOLD = exists().where(UNTOLD, entries.c.draw_id == draws.c.id)
_DUE = (
    select(draws.c.id)
    .where(or_(draws.c.state.in_(LIVE_DRAWS), and_(draws.c.state == DrawState.NOT_HELD, _IS_UNTOLD)))
    .order_by(draws.c.id)
)
"""Draws that may have a next step; of those that were not held only where somebody is not told yet."""


def run_draws(session: WriteSession, *, now: datetime, limit: int = AT_ONCE) -> int:
    """Do the next step of one draw that has one; returns `limit` where there may be more to do at once, else 0."""
    for draw_id in session.scalars(_DUE).all():
        locked = select(draws.c.id).where(draws.c.id == draw_id).with_for_update(skip_locked=True)
        if session.scalar(locked) is None:
            continue
        draw = draw_of(session, draw_id=draw_id)
        if draw is not None and _step(session, draw, limit=limit, now=now):
            return limit
    return 0


def open_days_without_draws(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Open the days for which no draw was announced by their hour; returns 0, since nothing is left to do at once."""
    found = session.execute(select(_drawn).limit(limit)).all()
    for row in found:
        advance(session, service_id=row.service_id, province_code=row.province_code, now=now)
    return 0


def _step(session: WriteSession, draw: DrawRow, *, limit: int, now: datetime) -> bool:
    match draw.state:
        case DrawState.OPEN if now >= draw.closes_at:
            freeze(session, draw, now=now)
            return True
        case DrawState.FROZEN:
            return _draw(session, draw, now=now)
        case DrawState.DRAWN:
            return _hand_out(session, draw, limit=limit, now=now)
        case DrawState.NOT_HELD:
            return tell_the_others(session, draw, notice=DrawNotice.NOT_HELD, limit=limit, now=now) > 0
    return False


def _draw(session: WriteSession, draw: DrawRow, *, now: datetime) -> bool:
    if draw.figure is None:
        if now < min(draw.drawn_at + FIGURE_WITHIN, ends_at(draw.first_day)):
            return False
        end_draw(session, draw, state=DrawState.NOT_HELD, now=now)
        return True
    if now < draw.drawn_at or (draw.word is None and now < draw.word_until):
        return False
    draw_some(session, draw, limit=BATCH, now=now)
    return True


def _hand_out(session: WriteSession, draw: DrawRow, *, limit: int, now: datetime) -> bool:
    """Winners first, then the others are told; then what is free goes on to the next, and last the draw ends."""
    if invite_winners(session, draw, limit=limit, now=now):
        return True
    if tell_the_others(session, draw, notice=DrawNotice.NOT_DRAWN, limit=limit, now=now):
        return True
    is_late = now >= ends_at(draw.first_day)
    if not is_late and invite_next(session, draw, now=now):
        return True
    # Where nobody is asked any more, what is still free suits nobody of the list.
    if is_late or not is_with_somebody(session, draw.id):
        end_draw(session, draw, state=DrawState.OVER, now=now)
        return True
    return False
