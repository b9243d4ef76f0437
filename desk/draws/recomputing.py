"""Recomputes stored draws from their lists and seeds: what is stored has to be what the seed gives."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.draws.drawing import groups_of, listed, stored_results
from desk.draws.freezing import announced
from desk.draws.models import DrawEntry
from desk.draws.order import in_order
from desk.draws.published import frozen_hash, read
from desk.draws.queries import draw_of, draws, file_of
from desk.draws.rules import PUBLISHED
from desk.draws.seeds import seed_of
from desk.storage.upsert import table_of

_entries = table_of(DrawEntry)


def faults(session: Session) -> Iterator[str]:
    """The published draws whose stored order, places, list or file are not what was frozen and drawn."""
    for draw_id in session.scalars(select(draws.c.id).where(draws.c.state.in_(PUBLISHED)).order_by(draws.c.id)):
        yield from (f"draw={draw_id} {what}" for what in _of(session, draw_id))


def _of(session: Session, draw_id: int) -> Iterator[str]:
    draw, body = draw_of(session, draw_id=draw_id), file_of(session, draw_id=draw_id)
    if draw is None or body is None:
        yield "file"
        return
    published = read(gzip.decompress(body).decode())
    requests, groups = listed(session, draw_id), groups_of(session, draw_id)
    hashed = frozen_hash(
        requests, groups, name=draw.name, announced=announced(draw), priority_share=draw.priority_share
    )
    if hashed != draw.frozen_hash or published.frozen_hash != draw.frozen_hash:
        yield "frozen"
    if published.faults():
        yield "file"
    if published.results != stored_results(session, draw_id):
        yield "places"
    order = [each.id for each in in_order(requests, seed=seed_of(published.parts))]
    at = select(_entries.c.public_id).where(_entries.c.draw_id == draw_id).order_by(_entries.c.position)
    if order != list(session.scalars(at)):
        yield "order"
