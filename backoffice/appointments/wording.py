"""The words of the day's list: states and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from backoffice.layout.badge import Badge
from backoffice.tables import Events, EventWords, Fields, Labels, Messages, Refusals
from desk.appointments.refusals import AlreadyHasAppointment, NotCancellable, NotInThisChat
from desk.appointments.rules import AppointmentNotice, AppointmentState
from desk.language.text import Text, words
from desk.people.refusals import NotASlip, SlipMended
from desk.staff.refusals import TooManyNumbers
from desk.values import LocalMoment
from desk.visits.refusals import (
    DateMissing,
    NotRecordable,
    NotYetTheDay,
    NotYetTheHour,
    OfAChat,
    ReasonMissing,
    TooManyAtDesk,
    TooManyWrongNumbers,
)
from desk.visits.rules import VisitNotice

_ = words("wording")
_message = words("undelivered")
_history = words("history")

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

COMES = Badge(_("Said they come"), "circle-check", "calm")
"""An appointment whose person has said that they will come."""

WITHOUT_APPOINTMENT = Badge(_("Without a turn"), "user-plus", "calm")
"""An appointment that was given at the door: the person is called by a number, not at its time."""

NAMED_TWICE = Badge(_("Number named twice"), "id", "warn")
"""An appointment with another of the same number beside it."""

REFUSALS: Final[Refusals] = {
    TooManyNumbers: lambda refusal: _(
        "Too many numbers of papers were looked for in vain from your account. They are looked up again from "
        "{when} on. A name or a code finds people meanwhile.",
        when=LocalMoment(refusal.until),
    ),
    NotCancellable: _("This turn cannot be changed any more."),
    NotInThisChat: _("With this number two turns for this service stand already. Look for them by the number."),
    AlreadyHasAppointment: _(
        "This person has another turn for this service already; it stands on the list of its day."
    ),
    TooManyAtDesk: lambda refusal: _(
        "From your account {n} turns were taken at the desk within the hour. More can be taken from {when} on.",
        n=refusal.most,
        when=LocalMoment(refusal.until),
    ),
    OfAChat: _("This turn belongs to a chat: the person changes it there."),
    NotYetTheDay: _("That day has not come yet."),
    NotRecordable: _("Somebody recorded something else meanwhile. Please look again."),
    NotASlip: _(
        "Nothing but the name stands behind this turn, so only one or two letters are corrected. Another person takes "
        "a turn of their own."
    ),
    SlipMended: _("Nothing but the name stands behind this turn, and it was corrected once already."),
    DateMissing: _("Please choose a time on a later day to come back."),
    ReasonMissing: _("Please say in a few words why, without names and numbers."),
    NotYetTheHour: _("The hour of this turn has not come yet."),
    TooManyWrongNumbers: lambda refusal: _(
        "Too many wrong numbers were typed for this turn. They are compared again from {when} on.",
        when=LocalMoment(refusal.until),
    ),
}

NOTICES: Final[Mapping[str, Text]] = {
    "booked_at_desk": _("The turn is taken. Print the ticket, or write its code down for the person."),
    "moved_at_desk": _("The turn has its new time. The ticket below is the right one."),
    "given_back_at_desk": _("The turn is given back."),
    "name_corrected": _("The turn has this name."),
    "name_and_paper": _(
        "The turn has this name, and the other turn with this number has fallen: its place is free again."
    ),
    "paper_fits": _("The number is right. The turn stands."),
    "paper_decided": _(
        "The number is right. The turn stands, and the other turn with this number has fallen: its place is free again."
    ),
}

MESSAGES: Final[Messages] = {
    AppointmentNotice.TICKET: _message("Ticket of a turn"),
    AppointmentNotice.REMINDER: _message("Reminder of a turn"),
    AppointmentNotice.CANCELLED: _message("The office cancelled a turn"),
    AppointmentNotice.MOVED: _message("The office moved a turn"),
    AppointmentNotice.NAMED_AGAIN: _message("Another chat named the number"),
    AppointmentNotice.TICKET_CHANGED: _message("A ticket in the chat made true"),
    AppointmentNotice.ASSISTANCE: _message("Answer to a wish at the counter"),
    AppointmentNotice.LET_GO: _message("No answer came to a proposed time"),
    AppointmentNotice.FALLEN: _message("A turn fell: the paper is somebody else’s"),
    VisitNotice.SERVED: _message("The visit is over"),
    VisitNotice.ABSENT: _message("Marked as absent"),
    VisitNotice.COME_BACK: _message("A new turn to come back"),
    VisitNotice.UNDONE: _message("What was recorded was taken back"),
    VisitNotice.NAME_CORRECTED: _message("The office corrected a name"),
}

EVENTS: Final[Events] = {
    "appointment.at_desk": EventWords(
        _history("Turn: taken at the desk"),
        lambda who, what: _history("{who} took the turn {what} for somebody at the desk.", who=who, what=what),
    ),
    "appointment.booked": EventWords(
        _history("Turn: booked"),
        lambda who, what: _history("{who} booked the turn {what}.", who=who, what=what),
    ),
    "appointment.moved": EventWords(
        _history("Turn: another time"),
        lambda who, what: _history("{who} gave the turn {what} another time.", who=who, what=what),
    ),
    "appointment.accepted": EventWords(
        _history("Turn: proposed time accepted"),
        lambda who, what: _history(
            "{who} accepted the time that was proposed for the turn {what}.", who=who, what=what
        ),
    ),
    "appointment.confirmed": EventWords(
        _history("Turn: said they come"),
        lambda who, what: _history("{who} said that they come at the time of the turn {what}.", who=who, what=what),
    ),
    "appointment.name_corrected": EventWords(
        _history("Turn: name corrected"),
        lambda who, what: _history("{who} corrected the name on the turn {what}.", who=who, what=what),
    ),
    "appointment.assistance": EventWords(
        _history("Turn: wish at the counter answered"),
        lambda who, what: _history("{who} answered what was wished for with {what}.", who=who, what=what),
    ),
    "appointment.cancelled": EventWords(
        _history("Turn: cancelled"),
        lambda who, what: _history("{who} cancelled the turn {what}.", who=who, what=what),
    ),
    "appointment.proven": EventWords(
        _history("Turn: original paper seen"),
        lambda who, what: _history("{who} saw the original paper for {what}.", who=who, what=what),
    ),
    "appointment.fallen": EventWords(
        _history("Turn: fell, the paper is somebody else’s"),
        lambda who, what: _history("{who} saw the paper of another turn, and {what} fell.", who=who, what=what),
    ),
    "appointment.number_differs": EventWords(
        _history("Turn: number of the paper differs"),
        lambda who, what: _history("{who} typed a number that is not that of {what}.", who=who, what=what),
    ),
    "appointment.arrived": EventWords(
        _history("Turn: arrival"),
        lambda who, what: _history("{who} recorded the arrival for {what}.", who=who, what=what),
    ),
    "appointment.arrival_undone": EventWords(
        _history("Turn: arrival taken back"),
        lambda who, what: _history("{who} took the arrival for {what} back.", who=who, what=what),
    ),
    "appointment.outcome": EventWords(
        _history("Turn: outcome"),
        lambda who, what: _history("{who} recorded the outcome of {what}.", who=who, what=what),
    ),
    "appointment.outcome_undone": EventWords(
        _history("Turn: outcome taken back"),
        lambda who, what: _history("{who} took the outcome of {what} back.", who=who, what=what),
    ),
    "appointment.found": EventWords(
        _history("Turn: looked up"),
        lambda who, what: _history("{who} looked up the turn {what}.", who=who, what=what),
    ),
    "appointment.not_found": EventWords(
        _history("Number not found"),
        lambda who, what: _history("{who} looked for a number that was not found.", who=who),
    ),
    "day.opened": EventWords(
        _history("Day’s list: opened by a reason"),
        lambda who, what: _history("{who} opened the names of another day at {what}.", who=who, what=what),
    ),
    "day.read": EventWords(
        _history("Day’s list: seen"),
        lambda who, what: _history("{who} saw turns of the day at {what}.", who=who, what=what),
    ),
}

FIELDS: Final[Fields] = {
    "slot": _history("Time"),
}

LABELS: Final[Labels] = {("appointment", "state"): APPOINTMENT_STATES}
