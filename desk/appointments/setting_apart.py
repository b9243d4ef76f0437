"""Sets places of planned slots apart: what is free of a share, beside what is used of it already."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BindParameter, bindparam, func, select

from desk.appointments.booking import appointments
from desk.appointments.rules import HOLDS_A_PLACE
from desk.capacity.bookable import slots
from desk.capacity.shares import Apart, Share
from desk.parts import SettingApart, ToSetApart
from desk.places.claims import claims
from desk.places.rules import ClaimKind
from desk.places.shares import claims_of, let_go, take, used_holder, write_claims
from desk.storage.base import WriteSession

IDS_AT_ONCE = 400
_THESE: BindParameter[Sequence[int]] = bindparam("slots", expanding=True)
_FREE = select(*slots.c["id", "remaining"]).where(slots.c.id.in_(_THESE)).order_by(slots.c.id).with_for_update()
_BOOKED = (
    select(appointments.c.slot_id, appointments.c.share, func.count().label("places"))
    .where(
        appointments.c.slot_id.in_(_THESE),
        appointments.c.share.is_not(None),
        appointments.c.state.in_(HOLDS_A_PLACE),
    )
    .group_by(appointments.c.slot_id, appointments.c.share)
)
_GIVEN_OUT = (
    select(claims.c.slot_id, func.count(), func.max(claims.c.nth))
    .where(
        claims.c.slot_id.in_(_THESE),
        claims.c.kind == ClaimKind.SHARE,
        claims.c.holder.in_(bindparam("holders", expanding=True)),
    )
    .group_by(claims.c.slot_id)
)


class _Used(NamedTuple):
    """What of a slot's shares is used, and the highest number of a place that was given out."""

    desk: int = 0
    walk_in: int = 0
    nth: int = 0


def set_apart(session: WriteSession, wanted: Sequence[ToSetApart], now: datetime) -> None:
    """Set apart what is free of each share; its unused places were let go before.

    A share is never less than what is used of it, and of one that is open to everybody already nothing is set apart.
    """
    each = sorted(wanted, key=lambda one: one.slot_id)
    for first in range(0, len(each), IDS_AT_ONCE):
        _set_some_apart(session, each[first : first + IDS_AT_ONCE], now=now)


def _set_some_apart(session: WriteSession, wanted: Sequence[ToSetApart], *, now: datetime) -> None:
    these = [each.slot_id for each in wanted]
    connection = session.connection()
    free = {row.id: row.remaining for row in connection.execute(_FREE, {"slots": these})}
    there_are = _used(session, these)
    alike: dict[tuple[int, Apart], list[int]] = defaultdict(list)
    rows = []
    for each in wanted:
        there = there_are.get(each.slot_id, _Used())
        share = Apart(max(each.desk, there.desk), max(each.walk_in, there.walk_in))
        new = Apart(
            0 if each.desk_until <= now else share.desk - there.desk,
            0 if each.walk_in_until <= now else share.walk_in - there.walk_in,
        ).within(free[each.slot_id])
        alike[new.places, share].append(each.slot_id)
        slot = each.slot_id
        rows += claims_of(Share.DESK, slot_id=slot, places=new.desk, until=each.desk_until, after=0)
        rows += claims_of(Share.WALK_IN, slot_id=slot, places=new.walk_in, until=each.walk_in_until, after=there.nth)
    for (places, share), ids in sorted(alike.items()):
        take(session, ids, places=places, share=share)
    write_claims(session, rows)


def used(session: WriteSession, slot_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """How many places of each share are used, of the slots that have such."""
    found: dict[int, tuple[int, int]] = {}
    for first in range(0, len(slot_ids), IDS_AT_ONCE):
        some = _used(session, slot_ids[first : first + IDS_AT_ONCE])
        found |= {slot_id: (there.desk, there.walk_in) for slot_id, there in some.items()}
    return found


def _used(session: WriteSession, slot_ids: Sequence[int]) -> dict[int, _Used]:
    connection = session.connection()
    booked: Counter[tuple[int, Share | None]] = Counter(
        {(row.slot_id, row.share): row.places for row in connection.execute(_BOOKED, {"slots": slot_ids})}
    )
    holders = [used_holder(slot_id) for slot_id in slot_ids]
    found = connection.execute(_GIVEN_OUT, {"slots": slot_ids, "holders": holders}).all()
    out = {slot_id: (times, nth) for slot_id, times, nth in found}
    used: dict[int, _Used] = {}
    for slot_id in {slot_id for slot_id, _share in booked} | out.keys():
        times, nth = out.get(slot_id, (0, 0))
        used[slot_id] = _Used(booked[slot_id, Share.DESK], booked[slot_id, Share.WALK_IN] + times, nth)
    return used


APART = SettingApart(let_go=let_go, set_apart=set_apart, used=used)
