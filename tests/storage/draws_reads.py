"""What is asked of the database about draws after each step of people who are drawn."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from desk.capacity.models import DrawnService, Slot
from desk.draws.models import Draw
from desk.draws.rules import FIGURE_WITHIN, ends_at


def draws(session: Session) -> list[Row[Any]]:
    """All draws, in the order in which they were prepared."""
    columns = (Draw.id, Draw.state, Draw.first_day, Draw.closes_at, Draw.drawn_at, Draw.figure)
    return list(session.execute(select(*columns).order_by(Draw.id)))


def next_moment(draw: Any, *, now: datetime) -> datetime | None:
    """The next moment at which something becomes of the draw by the clock alone; None = all are past."""
    moments = (draw.closes_at, draw.drawn_at, draw.drawn_at + FIGURE_WITHIN, ends_at(draw.first_day))
    return min((moment for moment in moments if moment > now), default=None)


def drawn_days(session: Session) -> set[date]:
    """The days whose places are drawn: nobody is offered what is free on them, but by their draw."""
    last = session.scalar(select(DrawnService.last_open_day))
    days = session.scalars(select(Slot.day).distinct())
    return set() if last is None else {day for day in days if day > last}
