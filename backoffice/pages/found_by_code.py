"""A code at the day's list: it finds its one turn on whichever day and at whichever office within reach."""

from __future__ import annotations

from backoffice.exchange import Ask
from desk.appointments import queries as appointments
from desk.appointments.rows import TurnRow
from desk.storage.base import ReadSession
from desk.values import TrackingCode


def turn_of_code(session: ReadSession, ask: Ask, *, typed: str) -> TurnRow | None:
    """The turn of the whole code that was typed; None for anything else and for one out of reach."""
    code = TrackingCode.parse(typed)
    found = appointments.by_code(session, code=code) if code is not None else None
    if found is None:
        return None
    is_mine = ask.scope.covers_office(office_id=found.office.id, province_code=found.office.province_code)
    return found if is_mine else None
