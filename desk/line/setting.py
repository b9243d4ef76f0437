"""Setting the numbers of the order at an office."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from desk.acting import Actor, Permission
from desk.events import actions as events
from desk.line.entries import rules_of
from desk.line.history import SETTINGS
from desk.line.models import LineSettings
from desk.line.refusals import LineRulesOutOfOrder
from desk.line.rules import BOUNDS, LineRules
from desk.offices.reach import node_of
from desk.storage.base import WriteSession
from desk.storage.locks import hold
from desk.storage.upsert import insert_or_update


def set_line_rules(session: WriteSession, *, office_id: int, rules: LineRules, actor: Actor, now: datetime) -> None:
    """Set the numbers of the order at an office; they hold from the next press on, also for who waits already.

    Who came is not judged anew: who was late stays late. Raises LineRulesOutOfOrder, OutOfReach.
    """
    actor.require(Permission.CAPACITY_WRITE, at=node_of(session, office_id))
    values = asdict(rules)
    for name, (least, most) in BOUNDS.items():
        if not least <= values[name] <= most:
            raise LineRulesOutOfOrder(field=name, least=least, most=most)
    hold(session, subject=f"line:{office_id}")
    before = rules_of(session, office_id=office_id)
    if before == rules:
        return
    put = insert_or_update(session, LineSettings, unique=("office_id",), updates=tuple(BOUNDS))
    session.connection().execute(put, {"office_id": office_id, **values})
    events.note(
        session,
        kind=SETTINGS,
        subject=f"office:{office_id}",
        actor=actor,
        office_id=office_id,
        old=asdict(before),
        new=values,
        now=now,
    )
