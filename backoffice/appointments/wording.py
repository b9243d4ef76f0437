"""The words of the day's list: states and refusals."""

from __future__ import annotations

from typing import Final

from backoffice.layout.badge import Badge
from backoffice.tables import Messages, Refusals
from desk.appointments.refusals import AlreadyHasAppointment, NotCancellable
from desk.appointments.rules import AppointmentNotice, AppointmentState
from desk.language.text import words
from desk.visits.refusals import DateMissing, NotRecordable, NotYetTheDay, NotYetTheHour
from desk.visits.rules import VisitNotice

_ = words("wording")
_message = words("undelivered")

APPOINTMENT_STATES: dict[AppointmentState, Badge] = {
    AppointmentState.BOOKED: Badge(_("Has a turn"), "hourglass", "calm"),
    AppointmentState.ARRIVED: Badge(_("Here"), "user-check", "busy"),
    AppointmentState.SERVED: Badge(_("Served"), "circle-check", "good"),
    AppointmentState.COME_BACK: Badge(_("Comes back"), "calendar-plus", "warn"),
    AppointmentState.ABSENT: Badge(_("Absent"), "user-off", "bad"),
    AppointmentState.CANCELLED_BY_PERSON: Badge(_("Cancelled by the person"), "x", "calm"),
    AppointmentState.CANCELLED_BY_OFFICE: Badge(_("Cancelled by the office"), "ban", "calm"),
}

NOT_RECORDED = Badge(_("Not recorded"), "alert-circle", "warn")
"""An appointment of a past day without an outcome."""

REFUSALS: Final[Refusals] = {
    NotCancellable: _("This turn cannot be changed any more."),
    AlreadyHasAppointment: _(
        "This person has another turn for this service already; it stands on the list of its day."
    ),
    NotYetTheDay: _("That day has not come yet."),
    NotRecordable: _("Somebody recorded something else meanwhile. Please look again."),
    DateMissing: _("Please choose a time on a later day to come back."),
    NotYetTheHour: _("The hour of this turn has not come yet."),
}

MESSAGES: Final[Messages] = {
    AppointmentNotice.TICKET: _message("Ticket of a turn"),
    AppointmentNotice.REMINDER: _message("Reminder of a turn"),
    AppointmentNotice.CANCELLED: _message("The office cancelled a turn"),
    AppointmentNotice.MOVED: _message("The office moved a turn"),
    VisitNotice.SERVED: _message("The visit is over"),
    VisitNotice.ABSENT: _message("Marked as absent"),
    VisitNotice.COME_BACK: _message("A new turn to come back"),
    VisitNotice.UNDONE: _message("What was recorded was taken back"),
}
