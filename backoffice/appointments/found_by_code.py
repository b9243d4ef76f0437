"""Finds the appointment of a code typed in the day's list, on any day and at any office within the scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backoffice.appointments.wording import APPOINTMENT_STATES, NOT_RECORDED
from backoffice.forms.days import today_at
from backoffice.layout.badge import Badge
from backoffice.web.http import PageRequest
from desk.appointments.rows import AppointmentRow
from desk.appointments.rules import CANCELLED, AppointmentState
from desk.events.shown import not_shown
from desk.people.rules import has_number
from desk.reading.codes import read_code
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession, WriteSession
from desk.visits import windows


@dataclass(frozen=True, slots=True)
class FoundAppointment:
    """An appointment that is shown above the list."""

    appointment: AppointmentRow
    now: datetime
    may_record: bool
    """Whether the reader may record at its office, and so give a code for another phone."""

    @property
    def badge(self) -> Badge:
        """Its state; «not recorded» where its day has passed without an outcome."""
        if (
            self.appointment.state is AppointmentState.BOOKED
            and self.appointment.day < today_at(self.now, zone=self.appointment.zone).date
        ):
            return NOT_RECORDED
        return APPOINTMENT_STATES[self.appointment.state]

    @property
    def may_change_phone(self) -> bool:
        """Whether it belongs to a chat and a paper and was not cancelled, so that it can go over to another chat."""
        return (
            self.may_record
            and self.appointment.conversation_id is not None
            and has_number(self.appointment.document_kind)
            and self.is_on_its_list
        )

    @property
    def may_change_at_desk(self) -> bool:
        """Whether it was taken at a desk and is to come, so that the desk gives it another time or takes it back."""
        return self.may_record and self.appointment.is_of_desk_to_come

    @property
    def is_on_its_list(self) -> bool:
        """Whether the list of its day shows it; cancelled ones are on no list."""
        return self.appointment.state not in CANCELLED


def found_appointment(request: PageRequest, appointment: AppointmentRow) -> FoundAppointment:
    """What is shown of it to this reader."""
    may_record = request.staff.scope(Permission.APPOINTMENTS_RECORD).covers(appointment.office.node)
    return FoundAppointment(appointment, request.now, may_record)


def appointment_of_code(
    session: ReadSession | WriteSession, request: PageRequest, *, typed: str
) -> AppointmentRow | None:
    """The appointment of a complete typed code; None for anything else and for one outside of the scope."""
    code = read_code(typed)
    found = (
        windows.found_by_code(session, code=code, actor=request.actor, now=request.now) if code is not None else None
    )
    if found is None:
        return None
    if not request.scope.covers(found.office.node):
        not_shown(found)
        return None
    return found
