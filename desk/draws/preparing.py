"""Preparing a draw: what is announced of it, with both hidden parts of its seed committed by their hashes before."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, exists, insert, select, update
from sqlalchemy.orm import Session

from desk.acting import Actor, Permission
from desk.calendar import local_day_of
from desk.capacity.drawing import last_open_day
from desk.catalogue.models import Service
from desk.draws.history import DrawEvent, note
from desk.draws.queries import draw_of, draws, live_draws, setting
from desk.draws.refusals import DrawUnusable, HashMissing, NotInThatState, SamePerson
from desk.draws.rows import LONGEST_FIGURE_NAME, DrawPlan, DrawRow, DrawRules
from desk.draws.rules import (
    LEAST_TO_ASK,
    LIVE_DRAWS,
    MOST_DAYS_OF_A_DRAW,
    MOST_DIGITS,
    DrawFieldFault,
    DrawState,
    ends_at,
    published_at,
)
from desk.draws.seeds import commitment, new_system_part
from desk.offices.models import Province
from desk.organisation import NATION, province
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

SEALED: Final = "draws.system_sealed"
_services, _provinces = table_of(Service), table_of(Province)
_HASH = re.compile(r"[0-9a-f]{64}\Z")
_LOCK = select(draws.c.id).where(draws.c.id == bindparam("draw")).with_for_update()
_KNOWN = (
    select(_services.c.code, _provinces.c.code.label("province"))
    .join_from(_services, _provinces, _provinces.c.code == bindparam("province"))
    .where(_services.c.id == bindparam("service"))
)


def prepare(
    session: WriteSession, *, plan: DrawPlan, rules: DrawRules | None = None, actor: Actor, now: datetime
) -> int:
    """Prepare a draw, and return its id; the system's part of its seed is made here, and nobody reads it.

    `rules` = how it is held where the service is not drawn there yet; else the setting says it. Only for the
    directorate. Raises OutOfReach, DrawUnusable; LookupError for an unknown service or province.
    """
    actor.require(Permission.CAPACITY_WRITE, at=NATION)
    found = session.execute(_KNOWN, {"service": plan.service_id, "province": plan.province_code}).one_or_none()
    if found is None:
        raise LookupError(f"no service {plan.service_id} or province {plan.province_code}")
    stands = setting(session, service_id=plan.service_id, province_code=plan.province_code)
    held = rules or (DrawRules() if stands is None else stands.rules)
    drawn_at = published_at(plan.first_day, days_ahead=held.days_ahead, publish_at=held.publish_at)
    fault = _fault(session, plan, drawn_at=drawn_at, held=held, now=now)
    if fault is not None:
        raise DrawUnusable(why=fault)
    part = new_system_part()
    draw_id: int = (
        session.connection()
        .execute(
            insert(draws).returning(draws.c.id),
            {
                "service_id": plan.service_id,
                "province_code": plan.province_code,
                "name": f"{found.code} {plan.province_code} {plan.first_day} – {plan.last_day}",
                "first_day": plan.first_day,
                "last_day": plan.last_day,
                "state": DrawState.DRAFT,
                "closes_at": plan.closes_at,
                "drawn_at": drawn_at,
                "figure_name": plan.figure_name.strip(),
                "figure_digits": plan.figure_digits,
                "confirm_minutes": held.confirm_minutes,
                "priority_share": held.priority_share,
                "system_sealed": b"",
                "system_hash": commitment(part),
                "prepared_by": actor.staff_id,
                "prepared_at": now,
                "listed": 0,
                "places": 0,
                "done": 0,
            },
        )
        .scalar_one()
    )
    sealed = session.keys.encrypt(part.hex(), column=SEALED, row=draw_id)
    session.connection().execute(update(draws).where(draws.c.id == draw_id).values(system_sealed=sealed))
    data = {"service": plan.service_id, "first_day": plan.first_day.isoformat(), "last_day": plan.last_day.isoformat()}
    note(
        session,
        DrawEvent.PREPARED,
        draw_id=draw_id,
        province_code=plan.province_code,
        actor=actor,
        data=data,
        now=now,
    )
    return draw_id


def _fault(
    session: Session, plan: DrawPlan, *, drawn_at: datetime, held: DrawRules, now: datetime
) -> DrawFieldFault | None:
    days = (plan.last_day - plan.first_day).days + 1
    if not 1 <= days <= MOST_DAYS_OF_A_DRAW or plan.first_day <= local_day_of(now).date:
        return DrawFieldFault.DAYS
    open_until = last_open_day(session, service_id=plan.service_id, province_code=plan.province_code)
    others = live_draws(session, service_id=plan.service_id, province_code=plan.province_code)
    covered = any(each.first_day <= plan.last_day and plan.first_day <= each.last_day for each in others)
    if covered or (open_until is not None and plan.first_day <= open_until):
        return DrawFieldFault.OVERLAP
    if drawn_at + timedelta(minutes=held.confirm_minutes) >= ends_at(plan.first_day):
        return DrawFieldFault.AHEAD
    if not now + LEAST_TO_ASK <= plan.closes_at < drawn_at:
        return DrawFieldFault.CLOSES
    if not plan.figure_name.strip() or len(plan.figure_name.strip()) > LONGEST_FIGURE_NAME:
        return DrawFieldFault.FIGURE
    if not 2 <= plan.figure_digits <= MOST_DIGITS:
        return DrawFieldFault.DIGITS
    return None


def commit_word(session: WriteSession, *, draw_id: int, word_hash: str, actor: Actor, now: datetime) -> None:
    """A second office-holder commits to a word by its hash (`seeds.commitment`); the word stays with them.

    Until the draw is announced they may commit to another. Raises OutOfReach, NotInThatState, SamePerson for who
    prepared it, DrawUnusable for what is no hash.
    """
    draw = to_change(session, draw_id=draw_id, actor=actor)
    if draw.state is not DrawState.DRAFT:
        raise NotInThatState(draw_id=draw_id, state=draw.state)
    if actor.staff_id is not None and actor.staff_id == draw.prepared_by:
        raise SamePerson(draw_id=draw_id)
    hashed = word_hash.strip().lower()
    if not _HASH.match(hashed) or hashed == draw.system_hash:
        raise DrawUnusable(why=DrawFieldFault.HASH)
    committed = {"word_hash": hashed, "word_by": actor.staff_id}
    set_values(session, draw_id, **committed)
    note(session, DrawEvent.WORD_COMMITTED, draw_id=draw_id, province_code=draw.province_code, actor=actor, now=now)


def announce(session: WriteSession, *, draw_id: int, actor: Actor, now: datetime) -> None:
    """From now on requests are taken; its hashes, days, hour and figure can no longer be changed.

    Raises OutOfReach, NotInThatState, HashMissing where the word is not committed, DrawUnusable where the time to ask
    became too short.
    """
    actor.require(Permission.CAPACITY_WRITE, at=NATION)
    draw = to_change(session, draw_id=draw_id, actor=actor)
    if draw.state is not DrawState.DRAFT:
        raise NotInThatState(draw_id=draw_id, state=draw.state)
    if draw.word_hash is None:
        raise HashMissing(draw_id=draw_id)
    if draw.closes_at < now + LEAST_TO_ASK:
        raise DrawUnusable(why=DrawFieldFault.CLOSES)
    overlapping = exists().where(
        draws.c.id != draw_id,
        draws.c.service_id == draw.service_id,
        draws.c.province_code == draw.province_code,
        draws.c.state.in_(LIVE_DRAWS),
        draws.c.first_day <= draw.last_day,
        draws.c.last_day >= draw.first_day,
    )
    if session.scalar(select(overlapping)):
        raise DrawUnusable(why=DrawFieldFault.OVERLAP)
    set_values(session, draw_id, state=DrawState.OPEN, announced_at=now)
    note(session, DrawEvent.ANNOUNCED, draw_id=draw_id, province_code=draw.province_code, actor=actor, now=now)


def to_change(session: WriteSession, *, draw_id: int, actor: Actor) -> DrawRow:
    """The draw, locked, for somebody who may act in its province. Raises OutOfReach; LookupError."""
    session.execute(_LOCK, {"draw": draw_id})
    found = draw_of(session, draw_id=draw_id)
    if found is None:
        raise LookupError(f"no draw {draw_id}")
    actor.require(Permission.CAPACITY_WRITE, at=province(found.province_code))
    return found


def set_values(session: WriteSession, draw_id: int, **values: object) -> None:
    """Set these columns of the draw."""
    session.connection().execute(update(draws).where(draws.c.id == draw_id).values(**values))
    session.changed("draw", draw_id)
