"""Telling those who were not drawn, and ending a draw: what is left of its places is open to everybody."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import and_, bindparam, select

from desk.acting import SYSTEM
from desk.capacity.drawing import draw_after, last_open_day, tell_of_days
from desk.conversations.models import Conversation
from desk.draws.history import DrawEvent, note
from desk.draws.inviting import entries, free_claims
from desk.draws.kept_places import give_back
from desk.draws.preparing import set_values
from desk.draws.queries import draws, live_draws, setting
from desk.draws.rows import DrawRow
from desk.draws.rules import DrawNotice, DrawState, published_at
from desk.draws.telling import mark_told, tell
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.waiting.models import StandingRequest

_requests, _chats = table_of(StandingRequest), table_of(Conversation)
UNTOLD = and_(entries.c.request_id == _requests.c.id, ~entries.c.is_told, entries.c.places.is_(None))
"""A request to which no place was drawn, and which was not told so yet."""
_UNTOLD = (
    select(
        *entries.c["public_id", "request_id"],
        *_chats.c["channel", "bot"],
        _chats.c.id.label("chat"),
        _requests.c.is_waiting,
    )
    .join_from(entries, _requests, _requests.c.id == entries.c.request_id)
    .outerjoin(_chats, _chats.c.id == _requests.c.conversation_id)
    .where(entries.c.draw_id == bindparam("draw"), UNTOLD)
    .order_by(entries.c.position, entries.c.public_id)
    .limit(bindparam("most"))
)
FARTHEST = 60
"""Days by which the open days move on in one step at most."""


def tell_the_others(session: WriteSession, draw: DrawRow, *, notice: DrawNotice, limit: int, now: datetime) -> int:
    """Tell the next of those to whom no place was drawn what became of the draw; returns how many were looked at."""
    found = session.execute(_UNTOLD, {"draw": draw.id, "most": limit}).all()
    there = [row for row in found if row.chat is not None and row.is_waiting]
    tell(session, draw, there, notice=notice, now=now)
    mark_told(session, draw, found)
    return len(found)


def end_draw(session: WriteSession, draw: DrawRow, *, state: DrawState, now: datetime) -> None:
    """End the draw: its days are open, and what is left of its places goes to those who wait, or to everybody."""
    set_values(session, draw.id, state=state, over_at=now)
    advance(session, service_id=draw.service_id, province_code=draw.province_code, now=now)
    left = free_claims(session, draw.id)
    give_back(session, left)
    kind = DrawEvent.OVER if state is DrawState.OVER else DrawEvent.NOT_HELD
    note(
        session,
        kind,
        draw_id=draw.id,
        province_code=draw.province_code,
        actor=SYSTEM,
        data={"left": len(left)},
        now=now,
    )


def advance(session: WriteSession, *, service_id: int, province_code: str, now: datetime) -> None:
    """Move on the last day whose places are open: past draws that are over, and past days for which none was announced.

    A day for which nobody announced a draw by its hour must not stay shut: its places go to those who wait.
    """
    stands = last_open_day(session, service_id=service_id, province_code=province_code)
    rules = setting(session, service_id=service_id, province_code=province_code)
    if stands is None or rules is None:
        return
    live = live_draws(session, service_id=service_id, province_code=province_code)
    over = session.execute(
        select(*draws.c["first_day", "last_day"]).where(
            draws.c.service_id == service_id,
            draws.c.province_code == province_code,
            draws.c.state.in_((DrawState.OVER, DrawState.NOT_HELD)),
            draws.c.last_day > stands,
        )
    ).all()
    opened: list[date] = []
    for number in range(1, FARTHEST + 1):
        day = stands + timedelta(days=number)
        is_over = any(each.first_day <= day <= each.last_day for each in over)
        if any(each.first_day <= day <= each.last_day for each in live):
            break
        held = rules.rules
        if not is_over and now < published_at(day, days_ahead=held.days_ahead, publish_at=held.publish_at):
            break
        opened.append(day)
    if opened:
        draw_after(session, service_id=service_id, province_code=province_code, last_open=opened[-1])
        tell_of_days(session, service_id=service_id, province_code=province_code, days=opened)
