"""What a draw has taken counts for a quota that is set meanwhile: the places of its list were promised before."""

from __future__ import annotations

from collections import Counter
from datetime import date

from sqlalchemy import bindparam, select, update

from desk.capacity.models import Slot
from desk.capacity.saving_quotas import QUOTA_SET
from desk.draws.kept_places import claims, kept_by
from desk.draws.queries import draws
from desk.draws.rules import LIVE_DRAWS
from desk.parts import Happened, Reactors
from desk.places.quotas import OfDay, count
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_slots = table_of(Slot)
_LIVE = select(draws.c.id).where(draws.c.service_id == bindparam("service"), draws.c.state.in_(LIVE_DRAWS))
_DAYS = select(_slots.c.id, _slots.c.day).where(_slots.c.queue_id == bindparam("queue"))


def _quota_set(session: WriteSession, happened: Happened) -> None:
    service_id, most = happened.new["quota"]
    live = session.scalars(_LIVE, {"service": service_id}).all() if most is not None else []
    if not live:
        return
    day_of: dict[int, date] = {row.id: row.day for row in session.execute(_DAYS, {"queue": happened.id})}
    days: Counter[date] = Counter()
    for draw_id in live:
        of_draw = update(claims).where(
            kept_by(draw_id),
            claims.c.counts_for.is_(None),
            claims.c.slot_id.in_(select(_slots.c.id).where(_slots.c.queue_id == happened.id)),
        )
        done = session.connection().execute(of_draw.values(counts_for=service_id).returning(claims.c.slot_id))
        days.update(day_of[slot_id] for slot_id in done.scalars())
    for day in sorted(days):
        count(session.connection(), OfDay(happened.id, service_id, day), places=days[day])


REACTORS: Reactors = {QUOTA_SET: _quota_set}
