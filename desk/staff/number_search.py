"""The limit on searches by the number of a paper, so that nobody can try a list of numbers."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, case, or_, select, update

from desk.acting import Actor
from desk.events import actions as events
from desk.staff.models import StaffMember
from desk.staff.refusals import TooManyNumbers
from desk.storage.base import WriteSession
from desk.storage.types import UtcDateTime
from desk.storage.upsert import table_of

MOST_MISSES = 50
"""Searches without a result in one series, after which the account's searches are refused."""

SERIES = timedelta(hours=24)
"""The length of a series from its first miss; then the count begins at zero."""

_members = table_of(StaffMember)
# Locked, so that concurrent searches are counted one after the other. SQLite has one writer anyway.
_MISSES = (
    select(_members.c.number_misses, _members.c.first_missed_at)
    .where(_members.c.id == bindparam("member"))
    .with_for_update()
)
_BEGINS = or_(_members.c.first_missed_at.is_(None), _members.c.first_missed_at <= bindparam("over"))
_NOTE_MISS = (
    update(_members)
    .where(_members.c.id == bindparam("member"))
    .values(
        number_misses=case((_BEGINS, 1), else_=_members.c.number_misses + 1),
        first_missed_at=case((_BEGINS, bindparam("now", type_=UtcDateTime())), else_=_members.c.first_missed_at),
    )
)


def require_tries_left(session: WriteSession, *, actor: Actor, now: datetime) -> None:
    """Check that this account may search for a number; its other searches wait until the transaction ends.

    Raises:
        TooManyNumbers: too many had no result.
    """
    misses, first_missed_at = session.connection().execute(_MISSES, {"member": actor.staff_id}).one()
    if first_missed_at is None or misses < MOST_MISSES:
        return
    if now < (until := first_missed_at + SERIES):
        raise TooManyNumbers(until)


def note_miss(session: WriteSession, *, actor: Actor, counts: bool, now: datetime) -> None:
    """Write into the history that a search had no result within the scope; the number is stored nowhere.

    `counts` is False where the list showed somebody for these digits: they were probably meant for the list.
    """
    if counts:
        count_miss(session, actor=actor, now=now)
    events.note(session, actor=actor, kind="appointment.not_found", subject=f"staff:{actor.staff_id}", now=now)


def count_miss(session: WriteSession, *, actor: Actor, now: datetime) -> None:
    """Count a number that was nobody's, or not that of the appointment in front of the clerk."""
    session.connection().execute(_NOTE_MISS, {"member": actor.staff_id, "over": now - SERIES, "now": now})
