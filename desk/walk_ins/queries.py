"""Reads on slips: the one that was scanned, and that of an appointment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from desk.appointments import queries as appointments
from desk.appointments.rules import LIVE
from desk.line.entries import entry_of
from desk.storage.base import keys_of
from desk.storage.encryption import Keys
from desk.storage.upsert import table_of
from desk.walk_ins.models import WalkInSlip
from desk.walk_ins.rows import OpenSlip, ScannedSlip
from desk.walk_ins.rules import SlipState, ends_at, is_secret

MARK = "walk-in slip"
"""The purpose of the mark of a secret."""
SPENT = "walk-in slip that has served"

slips = table_of(WalkInSlip)
_SCANNED = select(*slips.c["appointment_id", "mark", "tied_at"]).where(
    or_(
        slips.c.mark.in_(bindparam("marks", expanding=True)),
        slips.c.spent_mark.in_(bindparam("spent", expanding=True)),
    )
)
_BY_MARK = select(slips.c.appointment_id).where(slips.c.mark == bindparam("of_mark"))
_TIED_AT = select(slips.c.tied_at).where(slips.c.appointment_id == bindparam("appointment"))


def spent_marks(keys: Keys, mark: str) -> tuple[str, ...]:
    """The marks of a slip that has served, the present key's first."""
    return keys.named_marks(SPENT, mark)


def scanned(session: Session, *, secret: str, conversation_id: int, now: datetime) -> ScannedSlip | None:
    """The slip with this secret, as the chat that scans it may see it; None = there is none."""
    if not is_secret(secret):
        return None
    keys = keys_of(session)
    marks = keys.named_marks(MARK, secret)
    spent = [each for mark in marks for each in spent_marks(keys, mark)]
    found = session.execute(_SCANNED, {"marks": list(marks), "spent": spent}).one_or_none()
    if found is None:
        return None
    row = appointments.appointment_by_id(session, appointment_id=found.appointment_id)
    if row is None:
        return None
    if found.tied_at is not None and row.conversation_id == conversation_id:
        state = SlipState.OWN
    elif found.mark is None:
        state = SlipState.TIED if found.tied_at is not None else SlipState.UNDONE
    elif not row.is_live or row.state not in LIVE or now >= ends_at(row.day, zone=row.zone):
        state = SlipState.OVER
    else:
        state = SlipState.OPEN
    return ScannedSlip(state=state, mark=found.mark or "", appointment=row)


def by_mark(session: Session, *, mark: str) -> OpenSlip | None:
    """What the open slip with this mark ties."""
    found = session.scalar(_BY_MARK, {"of_mark": mark})
    row = None if found is None else appointments.appointment_by_id(session, appointment_id=found)
    return None if row is None else OpenSlip(row, call_number(session, appointment_id=row.id))


def call_number(session: Session, *, appointment_id: int) -> str | None:
    """The number by which the person of this appointment is called; None = they have not come."""
    entry = entry_of(session, appointment_id=appointment_id)
    return None if entry is None else entry.call_number


def tied_at(session: Session, *, appointment_id: int) -> datetime | None:
    """When a slip tied this appointment to the chat that has it; None = none did."""
    return session.scalar(_TIED_AT, {"appointment": appointment_id})
