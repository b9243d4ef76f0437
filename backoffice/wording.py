"""The words of the staff pages for the desk's closed vocabularies, its refusals, and short notices."""

from __future__ import annotations

from dataclasses import dataclass

from desk.appointments.rules import State as TurnState
from desk.capacity.models import ExceptionKind
from desk.cases.rules import CaseKind, CloseReason, Contact
from desk.cases.rules import State as CaseState
from desk.catalogue.rules import Audience, Channel, RecordState
from desk.consequences.rules import Kind, Reached, Remedy, Step
from desk.language.text import Latin, Text, words
from desk.offices.rules import OfficeKind
from desk.outbox.rules import State as DeliveryState
from desk.refusals import Refusal, TooLong
from desk.staff.permissions import Permission, Role, ScopeKind
from desk.staff.refusals import WeakPassword
from desk.staff.rules import SHORTEST_PASSWORD, PasswordFault

_ = words("wording")


@dataclass(frozen=True, slots=True)
class Badge:
    """A state as words with a sign and a tone; never by colour alone."""

    label: Text
    icon: str
    tone: str
    """A name of the stylesheet: calm, good, busy, warn, bad."""


TURN_STATES: dict[TurnState, Badge] = {
    TurnState.BOOKED: Badge(_("Has a turn"), "hourglass", "calm"),
    TurnState.ARRIVED: Badge(_("Here"), "user-check", "busy"),
    TurnState.SERVED: Badge(_("Served"), "circle-check", "good"),
    TurnState.COME_BACK: Badge(_("Comes back"), "calendar-plus", "warn"),
    TurnState.ABSENT: Badge(_("Absent"), "user-off", "bad"),
    TurnState.CANCELLED_BY_PERSON: Badge(_("Cancelled by the person"), "x", "calm"),
    TurnState.CANCELLED_BY_OFFICE: Badge(_("Cancelled by the office"), "ban", "calm"),
}

NOT_RECORDED = Badge(_("Not recorded"), "alert-circle", "warn")
"""A turn of a day gone by of which nobody said what came of it."""

CASE_KINDS: dict[CaseKind, Badge] = {
    CaseKind.COMPLAINT: Badge(_("Complaint"), "flag", "bad"),
    CaseKind.QUESTION: Badge(_("Question"), "help", "calm"),
}

CASE_STATES: dict[CaseState, Badge] = {
    CaseState.RECEIVED: Badge(_("Received"), "inbox", "calm"),
    CaseState.WITH_UNIT: Badge(_("With the unit"), "transfer", "busy"),
    CaseState.IN_REVIEW: Badge(_("Being looked into"), "search", "busy"),
    CaseState.ANSWERED: Badge(_("Answered"), "message-reply", "good"),
    CaseState.CLOSED: Badge(_("Closed"), "archive", "calm"),
}

CONTACTS: dict[Contact, Text] = {
    Contact.NAME: _("With the name; may be contacted"),
    Contact.CODE: _("Only by the code, without a name"),
    Contact.NOBODY: _("Nobody may contact them"),
}

CLOSE_REASONS: dict[CloseReason, Text] = {
    CloseReason.SOLVED: _("Solved"),
    CloseReason.ANSWERED: _("Answered fully"),
    CloseReason.NOT_OURS: _("Not a matter of this desk"),
    CloseReason.REPEATED: _("Filed before; followed there"),
    CloseReason.WITHDRAWN: _("Withdrawn by the person"),
    CloseReason.NO_ANSWER: _("No answer from the person"),
}

CATEGORIES: dict[str, Text] = {
    "OVERCHARGE": _("Extra money was taken"),
    "NO_RECEIPT": _("No receipt was given"),
    "BAD_RECEIPT": _("The receipt was not right"),
    "BROKER": _("Turns are sold, a broker"),
    "INSIDER_BROKER": _("A clerk works with a broker"),
    "DISRESPECT": _("Disrespect"),
    "VIOLENCE": _("Rough treatment or beating"),
    "COPY_DEMAND": _("A copy or photo of papers was demanded"),
    "KEPT_DOC": _("A paper was kept"),
    "NO_ORDER": _("Crowding and disorder"),
    "TURN_REFUSED": _("No turn, or not let in"),
    "NOT_RECORDED": _("Fingerprint, photo or data not recorded"),
    "WRONG_DATA": _("Data recorded wrongly"),
    "LATE_ANSWER": _("A late answer"),
    "NO_DATE": _("«Come later» without a date"),
    "RUN_AROUND": _("Sent from room to room"),
    "REFUSED_NO_RULE": _("Refused without a rule"),
    "NO_INFO": _("Fee, time or papers not announced"),
    "NO_DESK": _("No service desk or waiting place"),
    "SERVICE_DENIED_GROUP": _("No service for this kind of paper"),
    "REVOCATION_OBJECTION": _("Objection to a revocation"),
    "DATA_PRIVACY": _("Data was misused"),
    "SUGGESTION": _("Suggestion or praise"),
    "OTHER": _("Something else"),
    "QUESTION": _("Question to the desk"),
}

SEVERITIES: dict[int, Badge] = {
    4: Badge(_("Danger"), "alert-triangle", "bad"),
    3: Badge(_("Serious"), "alert-circle", "warn"),
    2: Badge(_("Usual"), "message", "calm"),
    1: Badge(_("Light"), "message", "calm"),
    0: Badge(_("For information"), "info-circle", "calm"),
}

DELIVERIES: dict[DeliveryState, Badge] = {
    DeliveryState.OPEN: Badge(_("Waits to be sent"), "hourglass", "busy"),
    DeliveryState.CLAIMED: Badge(_("Is being sent"), "send", "busy"),
    DeliveryState.SENT: Badge(_("Sent"), "check", "good"),
    DeliveryState.DEAD: Badge(_("Not delivered"), "alert-circle", "bad"),
    DeliveryState.DROPPED: Badge(_("Not sent: no longer true"), "minus", "calm"),
}

DELIVERY_REASONS: dict[str, Text] = {
    "blocked": _("The person has blocked the bot."),
    "400 chat not found": _("The chat does not exist any more."),
}
"""Reasons of the messengers that have words of ours."""


def not_delivered(reason: str) -> Text:
    """Why a message did not arrive; what has no words of ours comes behind a sentence."""
    return DELIVERY_REASONS.get(reason) or _("Technical reason: {answer}", answer=Latin(reason))


CHANNELS: dict[Channel, Text] = {
    Channel.PISHKHAN: _("Pishkhan offices"),
    Channel.KEFALAT: _("Kefalat offices"),
    Channel.DIRECTORATE: _("The directorate"),
    Channel.OTHER: _("Another place"),
}

OFFICE_KINDS: dict[OfficeKind, Text] = {
    OfficeKind.PISHKHAN: _("Pishkhan office"),
    OfficeKind.KEFALAT: _("Kefalat office"),
    OfficeKind.DIRECTORATE: _("Desk of the directorate"),
}

AUDIENCES: dict[Audience, Text] = {
    Audience.APPLICANT: _("The person themselves"),
    Audience.EVERYONE: _("Everybody in the household"),
    Audience.HEAD: _("The head of the household"),
    Audience.ANY_MEMBER: _("Any member of the household"),
}

RECORD_STATES: dict[RecordState, Badge] = {
    RecordState.DRAFT: Badge(_("Not confirmed yet"), "pencil", "warn"),
    RecordState.CONFIRMED: Badge(_("Confirmed"), "circle-check", "good"),
    RecordState.EXPIRED: Badge(_("Review is overdue"), "alert-triangle", "bad"),
}

EXCEPTIONS: dict[ExceptionKind, Text] = {
    ExceptionKind.CLOSED: _("Closed"),
    ExceptionKind.HOURS: _("Other hours"),
}

CHANGES: dict[Kind, Text] = {
    Kind.HOLIDAY: _("A holiday"),
    Kind.DAY: _("A day that differs"),
    Kind.RULE: _("Other weekly hours"),
    Kind.QUEUE: _("A queue was changed"),
    Kind.OFFICE: _("An office was changed"),
    Kind.SERVICE: _("A service was changed"),
    Kind.ADDRESS: _("Another address"),
    Kind.FOUND: _("Turns whose time is closed"),
}

REMEDIES: dict[Remedy, Text] = {
    Remedy.MOVE: _("Move to the nearest free time"),
    Remedy.KEEP: _("Keep their time: we will serve them"),
    Remedy.CANCEL: _("Cancel"),
    Remedy.TELL: _("Keep the turn, tell the new address"),
}

STEPS: dict[Step, Text] = {
    Step.OPEN: _("Nobody has decided yet"),
    Step.WAITING: _("Is next"),
    Step.KEPT: _("Keeps the time"),
    Step.MOVED: _("Moved"),
    Step.CANCELLED: _("Cancelled"),
    Step.TOLD: _("Keeps the turn"),
    Step.LEFT: _("Changed meanwhile by themselves"),
}

REACHED: dict[Reached, Badge] = {
    Reached.NOT_REACHED: Badge(_("Not reached"), "phone", "bad"),
    Reached.ON_THE_WAY: Badge(_("On the way"), "send", "busy"),
    Reached.TOLD: Badge(_("Told"), "check", "good"),
    Reached.NOT_NEEDED: Badge(_("Nothing to tell"), "minus", "calm"),
}

ROLES: dict[Role, Text] = {
    Role.CLERK: _("Counter clerk"),
    Role.MARSHAL: _("Queue marshal"),
    Role.DESK_OFFICER: _("Desk officer"),
    Role.OFFICE_MANAGER: _("Office manager"),
    Role.PROVINCE_OFFICER: _("Officer of the directorate"),
    Role.ADMINISTRATOR: _("Administrator"),
}

SCOPES: dict[ScopeKind, Text] = {
    ScopeKind.OFFICE: _("One office"),
    ScopeKind.PROVINCE: _("One province"),
    ScopeKind.NATION: _("The whole country"),
}

PERMISSIONS: dict[Permission, Text] = {
    Permission.APPOINTMENTS_READ: _("See the turns"),
    Permission.APPOINTMENTS_RECORD: _("Record arrivals and outcomes"),
    Permission.CAPACITY_READ: _("See hours and capacity"),
    Permission.CAPACITY_WRITE: _("Change hours and capacity"),
    Permission.CASES_ANSWER: _("Answer cases"),
    Permission.CASES_ASSIGN: _("Assign cases"),
    Permission.CASES_READ: _("Read cases"),
    Permission.CATALOGUE_READ: _("See the catalogue"),
    Permission.CATALOGUE_WRITE: _("Change the catalogue"),
    Permission.MESSAGES_READ: _("See what was not delivered"),
    Permission.OFFICES_READ: _("See the offices"),
    Permission.OFFICES_WRITE: _("Change the offices"),
    Permission.STAFF_READ: _("See the staff"),
    Permission.STAFF_WRITE: _("Change the staff"),
}

NOTICES: dict[str, Text] = {
    "saved": _("Saved."),
    "deleted": _("Deleted."),
    "saved_nobody_hit": _("Saved. Nobody's turn is hit."),
    "deleted_nobody_hit": _("Deleted. Nobody's turn is hit."),
    "sent_already": _("The form was sent twice; it was done once."),
    "recorded": _("Recorded."),
    "undone": _("Undone."),
    "replied": _("The reply is on its way."),
    "replied_and_closed": _("The reply is on its way and the case is closed; the person is told."),
    "draft_kept": _("Your draft is kept. Nobody else reads it."),
    "draft_gone": _("Your draft was thrown away."),
    "nothing_waits": _("No other case waits for you."),
    "noted": _("The note is kept; only staff can read it."),
    "assigned": _("Assigned."),
    "state_changed": _("The state was changed and the person will be told."),
    "case_closed": _("The case is closed and the person will be told."),
    "case_reopened": _("The case is open again."),
    "day_closed": _("The day is closed."),
    "password_changed": _("Your password was changed."),
    "signed_out": _("You are signed out."),
    "deactivated": _("The account is closed and signed out everywhere."),
}

_REFUSALS: dict[str, Text] = {
    "not_cancellable": _("This turn cannot be changed any more."),
    "not_yet_the_day": _("That day has not come yet."),
    "not_recordable": _("Somebody recorded something else meanwhile. Please look again."),
    "date_missing": _("Please choose a time on a later day to come back."),
    "not_yet_the_hour": _("The hour of this turn has not come yet."),
    "already_has_turn": _("This person has another turn for this service already; it stands on the list of its day."),
    "slot_taken": _("That time has just been taken. Please choose another."),
    "slot_passed": _("That time has passed. Please choose another."),
    "not_bookable": _("No turns are given for this service."),
    "service_not_offered": _("This service is not given there any more. Please choose another time."),
    "case_is_closed": _("This case is closed. Reopen it first."),
    "person_erased": _("The person has erased their data. Nothing more is written into this case."),
    "written_since": _("Something was written since you opened the page. Nothing was sent. Please read it first."),
    "not_your_case": _("This case is not within your reach."),
    "nothing_said": _("Please write something first."),
    "no_such_change": _("The case cannot go to this state from where it is."),
    "only_the_person_says": _("Only the person says that it is solved. Close it as answered; they are asked."),
    "cannot_take_case": _("This person cannot take the case: their reach does not cover it."),
    "reopen_too_late": _("The time to reopen this case is over. A new one can be opened."),
    "office_code_taken": _("Another office has this code."),
    "service_code_taken": _("Another service has this code."),
    "short_title_too_long": _("The short title is too long for a button: 20 letters at most."),
    "fee_overlaps": _("A fee that begins on or after this day is in the way. End that one first."),
    "fee_not_longer": _("The fee ends before this day already. Enter a new fee for the days after it."),
    "fee_in_force": _("This fee was in force. Its last day cannot lie before its first."),
    "irreversible_not_bookable": _("What cannot be undone is information only: no turns."),
    "copy_demanded": _("Copies may not be demanded. Ask to see the original."),
    "hours_out_of_order": _("These hours do not fit together."),
    "not_plausible": _("Is that meant? Please look at the numbers once more."),
    "hours_overlap": _("These hours overlap hours that stand here already."),
    "username_taken": _("Another account has this username."),
    "username_unfit": _("Please use 3 to 40 small Latin letters or digits, a letter first."),
    "not_yours_to_give": _("You cannot give more than you hold yourself."),
    "not_your_staff": _("This account is above yours or outside your reach."),
    "not_yourself": _("You cannot close your own account."),
    "last_administrator": _("Somebody has to remain the administrator of the whole country."),
}

_PASSWORD_FAULTS: dict[PasswordFault, Text] = {
    PasswordFault.TOO_SHORT: _("The password is too short: at least {n} letters.", n=SHORTEST_PASSWORD),
    PasswordFault.TOO_LONG: _("The password is too long."),
    PasswordFault.LIKE_USERNAME: _("The password holds the username. Please take another."),
    PasswordFault.TOO_PLAIN: _("This password is easy to guess. Please take another."),
}


def password_faults(refusal: WeakPassword) -> Text:
    """Why a password is not accepted."""
    return _PASSWORD_FAULTS[refusal.fault]


def refused(refusal: Refusal) -> Text:
    """What a refusal of the desk says to staff."""
    if isinstance(refusal, WeakPassword):
        return password_faults(refusal)
    if isinstance(refusal, TooLong):
        return _("That is too long: {n} letters at most.", n=refusal.most)
    return _REFUSALS.get(refusal.code, _("This is not possible right now. Please look at the page again."))
