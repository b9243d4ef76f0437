"""The refusals about accounts, roles and signing in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.refusals import Refusal
from desk.staff.passwords import PasswordFault
from desk.staff.permissions import Role


@dataclass(frozen=True)
class WrongCredentials(Refusal):
    """The username and the password do not belong together, or the account has ended."""


@dataclass(frozen=True)
class TooManyTries(Refusal):
    """Too many wrong passwords in a row; the account opens again at `until`."""

    until: datetime


@dataclass(frozen=True)
class PasswordOutlived(Refusal):
    """The password is right, but somebody else set it and it was not used within its time."""


@dataclass(frozen=True)
class WrongAnswer(Refusal):
    """The password or code that was asked for once more is not right; `has_ended` = the session is over."""

    has_ended: bool


@dataclass(frozen=True)
class TooManyNumbers(Refusal):
    """Too many searches for numbers of papers had no result; they are possible again from `until` on."""

    until: datetime


@dataclass(frozen=True)
class WeakPassword(Refusal):
    """The new password is too easy to guess."""

    fault: PasswordFault


@dataclass(frozen=True)
class UsernameTaken(Refusal):
    """Another account has this username."""

    username: str


@dataclass(frozen=True)
class UsernameUnfit(Refusal):
    """A username is 3 to 40 small Latin letters, digits, dots, dashes or underscores, a letter first."""

    username: str


@dataclass(frozen=True)
class NotYoursToGive(Refusal):
    """The role is above the actor's rank, reaches beyond their scope, or outlasts their own role."""

    role: Role
    scope_key: str


@dataclass(frozen=True)
class NotYourStaff(Refusal):
    """There is no such account, or the actor may not change it."""

    member_id: int


@dataclass(frozen=True)
class NotYourself(Refusal):
    """Nobody closes their own account."""

    member_id: int


@dataclass(frozen=True)
class LastAdministrator(Refusal):
    """At least one account has to administer the whole country."""

    member_id: int
