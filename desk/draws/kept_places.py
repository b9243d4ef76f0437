"""The places of a draw that nobody is offered: claims, which are given back where it needs them no more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, delete

from desk.places.claims import HeldPlace
from desk.places.claims import give_back as of_claims
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
    """Give back these places (`claim_id`) of a draw."""
    ids = [each.claim_id for each in kept]
    gone: list[HeldPlace] = []
    for first in range(0, len(ids), IDS_AT_ONCE):
        these = delete(claims).where(claims.c.id.in_(ids[first : first + IDS_AT_ONCE]))
        rows = session.connection().execute(these.returning(*claims.c["slot_id", "counts_for"]))
        gone += [HeldPlace._make(row) for row in rows]
    of_claims(session, gone)
