"""Whether a service is drawn in a province: set by the directorate, with the reason and the evidence beside it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from desk.acting import Actor, Permission
from desk.capacity.drawing import draw_after, draw_no_more, last_open_day
from desk.draws.calling_off import call_off
from desk.draws.history import SETTING, DrawEvent
from desk.draws.lists import place_names
from desk.draws.models import DrawSetting
from desk.draws.queries import live_draws, setting
from desk.draws.refusals import DrawUnusable, NoDrawAnnounced
from desk.draws.rows import LONGEST_REASON, SHORTEST_CONFIRM, DrawRules
from desk.draws.rules import DrawFieldFault, DrawState
from desk.events import actions as events
from desk.events.rules import values_of
from desk.organisation import NATION
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_or_update
from desk.waiting.rules import MOST_DAYS

_VALUES = ("publish_at", "days_ahead", "confirm_minutes", "priority_share")


def set_rules(
    session: WriteSession,
    *,
    service_id: int,
    province_code: str,
    rules: DrawRules,
    is_drawn: bool,
    reason: str,
    evidence: dict[str, Any],
    actor: Actor,
    now: datetime,
) -> None:
    """Let the places be drawn, or open, by these rules; announced draws keep those with which they were announced.

    They are drawn from the first day of the earliest announced draw on; what is booked already stays. Where they are to
    be open, draws whose list is not closed are called off, and the others are held to their end. Only for the
    directorate. Raises OutOfReach, DrawUnusable, NoDrawAnnounced where it is to be drawn and none is announced.
    """
    actor.require(Permission.CAPACITY_WRITE, at=NATION)
    fault = fault_of_rules(rules, reason=reason)
    if fault is not None:
        raise DrawUnusable(why=fault)
    before = setting(session, service_id=service_id, province_code=province_code)
    was_drawn = last_open_day(session, service_id=service_id, province_code=province_code) is not None
    live = live_draws(session, service_id=service_id, province_code=province_code)
    row = {
        "service_id": service_id,
        "province_code": province_code,
        "is_drawn": is_drawn,
        **values_of(rules, *_VALUES),
        "reason": reason.strip(),
        "evidence": evidence,
        "changed_at": now,
    }
    keys = ("service_id", "province_code")
    session.connection().execute(
        insert_or_update(session, DrawSetting, unique=keys, updates=tuple(name for name in row if name not in keys)),
        row,
    )
    if is_drawn and not was_drawn:
        announced = [each for each in live if each.state is DrawState.OPEN]
        if not announced:
            raise NoDrawAnnounced(service_id=service_id, province_code=province_code)
        last = announced[0].first_day - timedelta(days=1)
        draw_after(session, service_id=service_id, province_code=province_code, last_open=last)
    elif was_drawn and not is_drawn:
        for each in live:
            if each.state is DrawState.OPEN:
                call_off(session, each, actor=actor, now=now)
        draw_no_more(session, service_id=service_id, province_code=province_code)
    old = (
        None
        if before is None
        else {"is_drawn": before.is_drawn, "reason": before.reason} | values_of(before.rules, *_VALUES)
    )
    events.note(
        session,
        kind=DrawEvent.SETTING,
        subject=f"{SETTING}{service_id}:{province_code}",
        actor=actor,
        province_code=province_code,
        old=old,
        new={"is_drawn": is_drawn, "reason": reason.strip()} | values_of(rules, *_VALUES),
        data={"service": service_id, "of": _names(session, service_id, province_code), "evidence": evidence},
        now=now,
    )


def _names(session: WriteSession, service_id: int, province_code: str) -> dict[str, Any]:
    """The names of service and province, as the history shows them."""
    found = place_names(session, service_id=service_id, province_code=province_code)
    return {} if found is None else {"service": found.service.to_mapping(), "province": found.province.to_mapping()}


def fault_of_rules(rules: DrawRules, *, reason: str) -> DrawFieldFault | None:
    """The first fault of these rules; None = they can hold."""
    confirm = timedelta(minutes=rules.confirm_minutes)
    checks = (
        (DrawFieldFault.HOUR, not 7 * 60 <= rules.publish_at <= 21 * 60),
        (DrawFieldFault.AHEAD, not 2 <= rules.days_ahead <= MOST_DAYS - 14),
        (DrawFieldFault.CONFIRM, not SHORTEST_CONFIRM <= confirm <= timedelta(days=rules.days_ahead - 1)),
        (DrawFieldFault.SHARE, not 0 <= rules.priority_share <= 100),
        (DrawFieldFault.REASON, not 3 <= len(reason.strip()) <= LONGEST_REASON),
    )
    return next((fault for fault, is_there in checks if is_there), None)
