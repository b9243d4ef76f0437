"""The words of accounts: roles, permissions, passwords and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from backoffice.tables import Events, EventWords, Fields, Refusals
from desk.language.text import Latin, Text, words
from desk.organisation import Level
from desk.staff.alarms import Alarm
from desk.staff.passwords import SHORTEST_PASSWORD, PasswordFault
from desk.staff.permissions import Permission, Role
from desk.staff.refusals import (
    LastAdministrator,
    NotYourself,
    NotYourStaff,
    NotYoursToGive,
    UsernameTaken,
    UsernameUnfit,
    WeakPassword,
)
from desk.staff.security import TurnedAway
from desk.staff.tries import UNKNOWN

_ = words("wording")
_history = words("history")

ROLES: dict[Role, Text] = {
    Role.CLERK: _("Counter clerk"),
    Role.MARSHAL: _("Queue marshal"),
    Role.DESK_OFFICER: _("Desk officer"),
    Role.OFFICE_MANAGER: _("Office manager"),
    Role.PROVINCE_OFFICER: _("Officer of the directorate"),
    Role.ADMINISTRATOR: _("Administrator"),
}

LEVELS: dict[Level, Text] = {
    Level.OFFICE: _("One office"),
    Level.DISTRICT: _("One district"),
    Level.COUNTY: _("One county"),
    Level.PROVINCE: _("One province"),
    Level.NATION: _("The whole country"),
}

PERMISSIONS: dict[Permission, Text] = {
    Permission.APPOINTMENTS_READ: _("See how many turns there are"),
    Permission.APPOINTMENTS_BOOK: _("Take turns for people at the desk"),
    Permission.APPOINTMENTS_NAMES: _("See who has a turn"),
    Permission.APPOINTMENTS_PLAN: _("See whom a change hits"),
    Permission.APPOINTMENTS_RECORD: _("Record arrivals and outcomes"),
    Permission.APPOINTMENTS_WALK_IN: _("Register people who come without a turn"),
    Permission.CAPACITY_READ: _("See hours and capacity"),
    Permission.CAPACITY_WRITE: _("Change hours and capacity"),
    Permission.CASES_ANSWER: _("Answer cases"),
    Permission.CASES_ASSIGN: _("Assign cases"),
    Permission.CASES_READ: _("Read cases"),
    Permission.CATALOGUE_READ: _("See the catalogue"),
    Permission.CATALOGUE_WRITE: _("Change the catalogue"),
    Permission.HISTORY_READ: _("Read the history"),
    Permission.MESSAGES_READ: _("See what was not delivered"),
    Permission.OFFICES_READ: _("See the offices"),
    Permission.OFFICES_WRITE: _("Change the offices"),
    Permission.SIGNS_REVIEW: _("Look at chats that take very many turns"),
    Permission.STAFF_READ: _("See the staff"),
    Permission.STAFF_WRITE: _("Change the staff"),
}

_PASSWORD_FAULTS: dict[PasswordFault, Text] = {
    PasswordFault.TOO_SHORT: _("The password is too short: at least {n} letters.", n=SHORTEST_PASSWORD),
    PasswordFault.TOO_LONG: _("The password is too long."),
    PasswordFault.LIKE_USERNAME: _("The password holds the username. Please take another."),
    PasswordFault.TOO_PLAIN: _("This password is easy to guess. Please take another."),
    PasswordFault.WELL_KNOWN: _(
        "Strangers try this password first. Please take a few words that only you would put together."
    ),
}


def password_faults(refusal: WeakPassword) -> Text:
    """Why a password is not accepted."""
    return _PASSWORD_FAULTS[refusal.fault]


REFUSALS: Final[Refusals] = {
    UsernameTaken: _("Another account has this username."),
    UsernameUnfit: _("Please use 3 to 40 small Latin letters or digits, a letter first."),
    NotYoursToGive: _("You cannot give more than you hold yourself."),
    NotYourStaff: _("This account is above yours or outside your reach."),
    NotYourself: _("You cannot close your own account."),
    LastAdministrator: _("Somebody has to remain the administrator of the whole country."),
    WeakPassword: password_faults,
}

NOTICES: Final[Mapping[str, Text]] = {
    "password_changed": _("Your password was changed."),
    "also_elsewhere": _("You are signed in in another browser too. If that is not you, open «My account»."),
    "sessions_ended": _("It is ended: a page that is open there leads to the sign-in."),
    "passkey_added": _("The key is added."),
    "passkey_not_added": _("The key was not added. Please try once more."),
    "passkey_removed": _("The key is taken out."),
    "passkey_needed": _("Your role asks for a second step: add another key or a phone first."),
    "factor_removed": _("The second step of the sign-in is off."),
    "signed_out": _("You are signed out."),
    "deactivated": _("The account is closed and signed out everywhere."),
}

EVENTS: Final[Events] = {
    TurnedAway.FORBIDDEN: EventWords(
        _history("Turned away: without the permission"),
        lambda who, what: _history("{what} asked for pages without the permission for them.", what=what),
    ),
    TurnedAway.FORGED: EventWords(
        _history("Turned away: a form that is not ours"),
        lambda who, what: _history("With the account of {what} a form came that is not from our pages.", what=what),
    ),
    TurnedAway.OUT_OF_REACH: EventWords(
        _history("Turned away: of another place, or not there"),
        lambda who, what: _history("{what} asked for what belongs to another place or is not there.", what=what),
    ),
    Alarm.PEOPLE: EventWords(
        _history("Alarm: many people seen"),
        lambda who, what: _history("{what} saw very many people within an hour.", what=what),
    ),
    Alarm.OUT_OF_HOURS: EventWords(
        _history("Alarm: people seen out of hours"),
        lambda who, what: _history("{what} saw many people outside the working hours.", what=what),
    ),
    Alarm.OTHER_DAYS: EventWords(
        _history("Alarm: people of other days"),
        lambda who, what: _history("{what} saw many people of days that are not around today.", what=what),
    ),
    Alarm.LOOKED_UP: EventWords(
        _history("Alarm: much looked up"),
        lambda who, what: _history("{what} looked up very many codes or numbers within an hour.", what=what),
    ),
    "staff.create": EventWords(
        _history("Account: made"),
        lambda who, what: _history("{who} made the account of {what}.", who=who, what=what),
    ),
    "staff.update": EventWords(
        _history("Account: changed"),
        lambda who, what: _history("{who} changed the account of {what}.", who=who, what=what),
    ),
    "staff.deactivate": EventWords(
        _history("Account: closed"),
        lambda who, what: _history("{who} closed the account of {what}.", who=who, what=what),
    ),
    "staff.set_password": EventWords(
        _history("Account: password set"),
        lambda who, what: _history("{who} set a password for the account of {what}.", who=who, what=what),
    ),
    "staff.sign_in": EventWords(
        _history("Signed in"),
        lambda who, what: _history("{who} signed in.", who=who),
    ),
    "staff.sign_out": EventWords(
        _history("Signed out"),
        lambda who, what: _history("{who} signed out.", who=who),
    ),
    "staff.signin_failed": EventWords(
        _history("Sign-in: not right"),
        lambda who, what: (
            _history("Somebody tried to sign in with a name that is no account.")
            if what == Latin(UNKNOWN)
            else _history("A password or code for the account of {what} was not right.", what=what)
        ),
    ),
    "staff.factor_set": EventWords(
        _history("Second step: set up"),
        lambda who, what: _history("{who} set up the second step of the sign-in.", who=who),
    ),
    "staff.factor_removed": EventWords(
        _history("Second step: taken away"),
        lambda who, what: _history("{who} took the second step of the sign-in away.", who=who),
    ),
    "staff.factor_reset": EventWords(
        _history("Second step: reset on the machine"),
        lambda who, what: _history("The second step of {what} was reset on the machine.", what=what),
    ),
    "staff.recovery_code_used": EventWords(
        _history("Recovery code used"),
        lambda who, what: _history("{who} signed in with a recovery code.", who=who),
    ),
    "staff.recovery_codes_renewed": EventWords(
        _history("Recovery codes: new ones"),
        lambda who, what: _history("{who} made new recovery codes.", who=who),
    ),
    "staff.sessions_ended": EventWords(
        _history("Signed out elsewhere"),
        lambda who, what: _history("{who} ended own sessions in other browsers.", who=who),
    ),
    "staff.passkey_added": EventWords(
        _history("Passkey: added"),
        lambda who, what: _history("{who} added a passkey.", who=who),
    ),
    "staff.passkey_removed": EventWords(
        _history("Passkey: taken out"),
        lambda who, what: _history("{who} took a passkey out.", who=who),
    ),
    "staff.locked": EventWords(
        _history("Account: locked"),
        lambda who, what: _history("The account of {what} was locked after wrong passwords.", what=what),
    ),
}

FIELDS: Final[Fields] = {
    "roles": _history("Roles"),
    "number": _history("How many"),
    "threshold": _history("Reported from"),
}
