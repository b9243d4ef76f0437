"""The appointment of an address, for pages on which no name is shown."""

from __future__ import annotations

from backoffice.web.http import PageRequest
from desk.acting import OutOfReach
from desk.appointments import queries as appointments
from desk.appointments.rows import AppointmentRow
from desk.events.shown import not_shown
from desk.storage.base import ReadSession


def on_any_day(session: ReadSession, request: PageRequest) -> AppointmentRow:
    """The appointment of the address, whatever its day. Raises OutOfReach outside of the scope."""
    found = appointments.appointment_by_id(session, appointment_id=request.path["appointment"])
    if found is None:
        raise OutOfReach
    if not request.scope.covers(found.office.node):
        not_shown(found)
        raise OutOfReach
    return found
