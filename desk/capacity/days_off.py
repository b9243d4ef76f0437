"""The actions on holidays of the country or a province; the slots of the day follow at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from desk.acting import Actor
from desk.capacity.asking import require_holidays
from desk.capacity.models import Holiday
from desk.capacity.planning import refill_days
from desk.events import actions as events
from desk.events.rules import values_of
from desk.language.text import Localised
from desk.storage.base import WriteSession

HOLIDAY = ("name", "is_confirmed", "is_closed")
"""The values of a holiday that the history keeps."""


@dataclass(frozen=True, slots=True)
class KnownHoliday:
    """A holiday of the country from a calendar; `is_confirmed` False = it follows the lunar calendar and may move."""

    day: date
    name: Localised
    is_confirmed: bool


def save_holiday(
    session: WriteSession,
    *,
    day: date,
    name: Localised,
    is_confirmed: bool,
    is_closed: bool = True,
    province_code: str | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Write a holiday of the country or a province; its slots close or open at once. Raises OutOfReach."""
    require_holidays(actor, province_code=province_code)
    key = province_code or ""
    found = session.scalar(select(Holiday).where(Holiday.day == day, Holiday.province_key == key))
    holiday = found or Holiday(day=day, province_code=province_code, province_key=key)
    before = values_of(found, *HOLIDAY) if found and found.withdrawn_at is None else None
    holiday.name, holiday.is_confirmed, holiday.is_closed = name, is_confirmed, is_closed
    holiday.withdrawn_at = None
    session.add(holiday)
    session.flush()
    refill_days(session, days=[day], province_code=province_code, now=now)
    events.note(
        session,
        actor=actor,
        kind="holiday.save",
        subject=f"holiday:{day.isoformat()}",
        province_code=province_code,
        old=before,
        new=values_of(holiday, *HOLIDAY),
        now=now,
    )


def delete_holiday(session: WriteSession, *, holiday_id: int, actor: Actor, now: datetime) -> None:
    """Withdraw a mistaken holiday; its day is an ordinary one at once. Raises LookupError.

    The row stays, marked as withdrawn, so that the job that writes future holidays does not write it again.
    """
    holiday = session.get(Holiday, holiday_id)
    if holiday is None:
        raise LookupError(f"no holiday {holiday_id}")
    require_holidays(actor, province_code=holiday.province_code)
    if holiday.withdrawn_at is not None:
        return
    holiday.withdrawn_at = now
    session.flush()
    refill_days(session, days=[holiday.day], province_code=holiday.province_code, now=now)
    events.note(
        session,
        actor=actor,
        kind="holiday.delete",
        subject=f"holiday:{holiday.day.isoformat()}",
        province_code=holiday.province_code,
        old=values_of(holiday, *HOLIDAY),
        now=now,
    )


def fill_holidays(session: WriteSession, *, known: Sequence[KnownHoliday], now: datetime) -> tuple[date, ...]:
    """Write the missing holidays of the country and return their days; what staff changed or withdrew stays."""
    if not known:
        return ()
    days = [each.day for each in known]
    there = set(
        session.scalars(
            select(Holiday.day).where(Holiday.province_key == "", Holiday.day.between(min(days), max(days)))
        )
    )
    missing = [each for each in known if each.day not in there]
    session.add_all(
        Holiday(day=each.day, name=each.name, is_confirmed=each.is_confirmed, is_closed=True) for each in missing
    )
    session.flush()
    written = tuple(each.day for each in missing)
    refill_days(session, days=written, province_code=None, now=now)
    return written
