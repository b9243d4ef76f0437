"""The places of a draw that nobody is offered: claims, which are given back where it needs them no more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, delete

from desk.places.counting import swap_places
from desk.places.models import Claim
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.waiting.rounds import holder_of_draw

IDS_AT_ONCE = 400
claims = table_of(Claim)


def kept_by(draw_id: int) -> ColumnElement[bool]:
    """The claims of a draw that nobody is offered."""
    begin = holder_of_draw(draw_id)
    return and_(claims.c.kind == ClaimKind.DRAWN, claims.c.holder.startswith(begin, autoescape=True))


def give_back(session: WriteSession, kept: Sequence[Any]) -> None:
    """Give back these places (`claim_id`, `slot_id`) of a draw."""
    ids = [each.claim_id for each in kept]
    for first in range(0, len(ids), IDS_AT_ONCE):
        session.connection().execute(delete(claims).where(claims.c.id.in_(ids[first : first + IDS_AT_ONCE])))
    swap_places(session, given_back=[each.slot_id for each in kept])
