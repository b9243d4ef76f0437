"""A code at the day's list: it finds its one appointment on whichever day and at whichever office within reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backoffice.appointments.wording import APPOINTMENT_STATES, NOT_RECORDED
from backoffice.forms.days import today_at
from backoffice.layout.badge import Badge
from backoffice.web.http import PageRequest
from desk.appointments import queries as appointments
from desk.appointments.rows import AppointmentRow
from desk.appointments.rules import CANCELLED, AppointmentState
from desk.events.shown import not_shown
from desk.reading.codes import read_code
from desk.storage.base import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class FoundAppointment:
    """An appointment that is shown beside the list."""

    appointment: AppointmentRow
    now: datetime

    @property
    def badge(self) -> Badge:
        """Where it stands; of a day gone by of which nobody said what came of it, just that, as its list does."""
        if (
            self.appointment.state is AppointmentState.BOOKED
            and self.appointment.day < today_at(self.now, zone=self.appointment.zone).date
        ):
            return NOT_RECORDED
        return APPOINTMENT_STATES[self.appointment.state]

    @property
    def is_on_its_list(self) -> bool:
        """The list of its day shows it; what was cancelled stands on none."""
        return self.appointment.state not in CANCELLED


def appointment_of_code(
    session: ReadSession | WriteSession, request: PageRequest, *, typed: str
) -> AppointmentRow | None:
    """The appointment of the whole code that was typed; None for anything else and for one out of reach."""
    code = read_code(typed)
    found = appointments.by_code(session, code=code) if code is not None else None
    if found is None:
        return None
    if not request.scope.covers(found.office.node):
        not_shown(found)
        return None
    return found
