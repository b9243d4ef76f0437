"""Whether and at which hour people of a province are asked after their visits: a setting of the directorate."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.acting import Actor, Permission
from desk.afterwards.models import AfterSetting
from desk.afterwards.refusals import HourOutside
from desk.afterwards.rows import AskingRule
from desk.afterwards.rules import EARLIEST, LATEST
from desk.events import actions as events
from desk.offices.models import Province
from desk.organisation import province
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_or_update, table_of

_settings, _provinces = table_of(AfterSetting), table_of(Province)
_RULES = select(_provinces.c.code, *_settings.c["is_on", "ask_at"]).outerjoin_from(
    _provinces, _settings, _settings.c.province_code == _provinces.c.code
)

SETTING = "after_setting:"
"""The subject of the history of what a province says, before its code."""
CHANGED = "after.setting"
"""The kind of event of a change."""


def rules_of_provinces(session: Session) -> dict[str, AskingRule]:
    """What holds in each province, by its code. One statement."""
    return {
        row.code: AskingRule() if row.is_on is None else AskingRule(row.is_on, row.ask_at)
        for row in session.execute(_RULES)
    }


def set_rule(session: WriteSession, *, province_code: str, rule: AskingRule, actor: Actor, now: datetime) -> None:
    """Say whether and when the visitors of a province are asked. Raises OutOfReach, HourOutside."""
    actor.require(Permission.CAPACITY_WRITE, at=province(province_code))
    if not EARLIEST <= rule.ask_at <= LATEST:
        raise HourOutside(ask_at=rule.ask_at)
    before = rules_of_provinces(session)[province_code]
    if before == rule:
        return
    session.connection().execute(
        insert_or_update(session, AfterSetting, unique=("province_code",), updates=("is_on", "ask_at")),
        {"province_code": province_code, "is_on": rule.is_on, "ask_at": rule.ask_at},
    )
    events.note(
        session,
        kind=CHANGED,
        subject=f"{SETTING}{province_code}",
        actor=actor,
        province_code=province_code,
        old={"asked_at": _hour_of(before)},
        new={"asked_at": _hour_of(rule)},
        data={"province": _name_of(session, province_code)},
        now=now,
    )


def _hour_of(rule: AskingRule) -> int | None:
    """None = nobody is asked."""
    return rule.ask_at if rule.is_on else None


def _name_of(session: Session, province_code: str) -> dict[str, str]:
    """As the history shows it."""
    name = session.scalar(select(_provinces.c.name).where(_provinces.c.code == province_code))
    return {} if name is None else dict(name.to_mapping())
