"""The words of the inbox and of a case: kinds, states, reasons and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from backoffice.layout.badge import Badge
from backoffice.tables import Events, EventWords, Fields, Labels, Messages, Refusals
from desk.cases.refusals import (
    CannotTakeCase,
    CaseIsClosed,
    NoSuchChange,
    NothingSaid,
    NotYourCase,
    OnlyThePersonSays,
    PersonErased,
    WrittenSince,
)
from desk.cases.rules import CaseKind, CaseNotice, CaseState, CloseReason, Contact
from desk.conversations.rules import AllowReason, LimitKind
from desk.language.text import Text, words

_ = words("wording")
_message = words("undelivered")
_history = words("history")

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
    "THREAT": _("Threat"),
    "HARASSMENT": _("Harassment"),
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

REFUSALS: Final[Refusals] = {
    CaseIsClosed: _("This case is closed. Reopen it first."),
    PersonErased: _("What stood in this case is erased. Nothing more is written into it."),
    WrittenSince: _("Something was written since you opened the page. Nothing was sent. Please read it first."),
    NotYourCase: _("This case is not within your reach."),
    NothingSaid: _("Please write something first."),
    NoSuchChange: _("The case cannot go to this state from where it is."),
    OnlyThePersonSays: _("Only the person says that it is solved. Close it as answered; they are asked."),
    CannotTakeCase: _("This person cannot take the case: their reach does not cover it."),
}

NOTICES: Final[Mapping[str, Text]] = {
    "replied": _("The reply is on its way."),
    "replied_by_code": _("The reply is there; the person reads it by their code."),
    "replied_and_closed": _("The reply is on its way and the case is closed; the person is told."),
    "draft_kept": _("Your draft is kept. Nobody else reads it."),
    "draft_gone": _("Your draft was thrown away."),
    "nothing_waits": _("No other case waits for you."),
    "noted": _("The note is kept; only staff can read it."),
    "replied_and_closed_by_code": _("The reply is there and the case is closed; the person reads both by their code."),
    "assigned": _("Assigned."),
    "taken": _("The case is yours."),
    "state_changed": _("The state was changed and the person will be told."),
    "state_changed_by_code": _("The state was changed; the person sees it by their code."),
    "case_closed": _("The case is closed and the person will be told."),
    "case_closed_by_code": _("The case is closed; the person sees it by their code."),
    "case_reopened": _("The case is open again."),
    "allowed_more": _("Allowed. Please tell the person in your reply."),
}

BY_CODE: Final = frozenset(("replied", "replied_and_closed", "state_changed", "case_closed"))
"""What promises a message; where nobody may contact the person, the notice with this ending says what is true."""

MESSAGES: Final[Messages] = {
    CaseNotice.REPLY: _message("Reply in a case"),
    CaseNotice.STATE: _message("News of a case"),
    CaseNotice.CLOSED: _message("A case was closed"),
    CaseNotice.REOPENED: _message("A case was opened again"),
}

EVENTS: Final[Events] = {
    "case.read": EventWords(
        _history("Case: opened"),
        lambda who, what: _history("{who} opened the case {what}.", who=who, what=what),
    ),
    "case.name_read": EventWords(
        _history("Case: name seen"),
        lambda who, what: _history("{who} saw who filed the case {what}.", who=who, what=what),
    ),
    "case.list": EventWords(
        _history("Inbox: seen"),
        lambda who, what: _history("{who} saw the list of cases.", who=who),
    ),
    "case.heard": EventWords(
        _history("Voice: heard"),
        lambda who, what: _history("{who} listened to a voice note: {what}.", who=who, what=what),
    ),
    "case.reply": EventWords(
        _history("Case: answered"),
        lambda who, what: _history("{who} answered the case {what}.", who=who, what=what),
    ),
    "case.note": EventWords(
        _history("Case: note"),
        lambda who, what: _history("{who} wrote a note in the case {what}.", who=who, what=what),
    ),
    "case.assign": EventWords(
        _history("Case: given"),
        lambda who, what: _history("{who} gave the case {what} to somebody.", who=who, what=what),
    ),
    "case.change_state": EventWords(
        _history("Case: state"),
        lambda who, what: _history("{who} changed the state of the case {what}.", who=who, what=what),
    ),
    "case.close": EventWords(
        _history("Case: closed"),
        lambda who, what: _history("{who} closed the case {what}.", who=who, what=what),
    ),
    "case.allow_more": EventWords(
        _history("Chat: allowed more"),
        lambda who, what: _history("{who} allowed the chat of the case {what} more.", who=who, what=what),
    ),
    "case.withdraw": EventWords(
        _history("Case: taken back"),
        lambda who, what: _history("{who} took the case {what} back.", who=who, what=what),
    ),
    "case.reopen": EventWords(
        _history("Case: opened again"),
        lambda who, what: _history("{who} opened the case {what} again.", who=who, what=what),
    ),
}

LIMITS: dict[LimitKind, Text] = {
    LimitKind.APPOINTMENTS: _("Turns at once"),
    LimitKind.NEW_PEOPLE: _("New people in a day"),
    LimitKind.WITHOUT_PAPER: _("Turns without a paper for one service"),
    LimitKind.CANCELLATIONS: _("Cancelled turns in a week"),
    LimitKind.HOLDS: _("Times kept in a day"),
    LimitKind.NAMES: _("Names corrected in a week"),
}

ALLOW_REASONS: dict[AllowReason, Text] = {
    AllowReason.HOUSEHOLD: _("A large household"),
    AllowReason.HELPER: _("Helps others, such as an association"),
    AllowReason.OUR_FAULT: _("Something went wrong with us"),
    AllowReason.SIGNS: _("Signs that turns are collected there"),
}

FIELDS: Final[Fields] = {
    "limit": _history("Limit of the chat"),
    "most": _history("At most"),
    "allowed": _history("Why it was allowed"),
    "assigned_to": _history("Held by"),
}

LABELS: Final[Labels] = {
    ("case", "state"): CASE_STATES,
    ("case", "reason"): CLOSE_REASONS,
    ("case", "limit"): LIMITS,
    ("case", "allowed"): ALLOW_REASONS,
}
