"""The rules of accounts, as pure functions: lock-outs, sessions, and the reach of roles."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from desk.organisation import NATION, NOWHERE, Level, Node, Scope
from desk.reading.folding import alphabet_key, joined
from desk.staff.permissions import ROLES, Permission, Role

IDLE_LIMIT = timedelta(hours=8)
ABSOLUTE_LIMIT = timedelta(hours=12)
HALFWAY_LIMIT = timedelta(minutes=10)
"""How long the code of the second factor may take after the password."""
TRIES_BEFORE_LOCK = 5
LONGEST_LOCK = timedelta(minutes=30)


def username_of(typed: str) -> str:
    """The stored form of a typed username."""
    return typed.strip().casefold()


def hash_token(token: str) -> str:
    """The stored hash of a session's token: SHA-256 suffices, since the token is 32 random bytes."""
    return hashlib.sha256(token.encode()).hexdigest()


def lock_after(failed: int) -> timedelta | None:
    """How long the `failed`-th wrong password in a row locks the account: each fifth does, for 1, 2, 4 … 30 minutes.

    After a lock five tries are free again, so occasional mistakes do not keep the owner out. Each lock is longer, so
    that guessing stays slow. The right password resets the count.
    """
    locks, beyond = divmod(failed, TRIES_BEFORE_LOCK)
    if locks == 0 or beyond:
        return None
    return min(timedelta(minutes=2 ** min(locks - 1, 6)), LONGEST_LOCK)


def session_end(*, created_at: datetime, now: datetime) -> datetime:
    """When a session that is used `now` ends: after 8 idle hours, and at most 12 hours after signing in."""
    return min(now + IDLE_LIMIT, created_at + ABSOLUTE_LIMIT)


LONGEST_SEARCH_WORDS = 400


def search_words(name: str, username: str) -> str:
    """The folded name and username by which an account is found, each without spaces.

    Stored: where this function or the folding changes, a migration has to rewrite the stored words.
    """
    return f"{joined(name)} {joined(username)}"[:LONGEST_SEARCH_WORDS]


LONGEST_SORTS_AS = 240


def sorts_as(name: str) -> str:
    """The sort key of a name in the Persian alphabet; stored, like `search_words`."""
    return alphabet_key(name)[:LONGEST_SORTS_AS]


@dataclass(frozen=True, slots=True)
class RoleInput:
    """One role at one node of the organisation; without days it is in force until it is removed.

    Raises:
        ValueError: its last day lies before its first.
    """

    role: Role
    at: Node
    valid_from: date | None = None
    valid_to: date | None = None

    def __post_init__(self) -> None:
        if self.valid_from is not None and self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError(f"a role from {self.valid_from} to {self.valid_to}")

    @property
    def key(self) -> str:
        """The node of the role as text: `office:7`, `province:IR-30`, `county:/IR-30/01/`, `nation`."""
        return key_of(self.at)

    @property
    def said(self) -> str:
        """The role as text for the history: `clerk@office:7`, with its days where it has some."""
        days = f"[{self.valid_from or ''}..{self.valid_to or ''}]" if self.valid_from or self.valid_to else ""
        return f"{self.role}@{self.key}{days}"

    def is_in_force(self, day: date) -> bool:
        """Whether it is in force on this day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def lasts_as_long_as(self, other: RoleInput) -> bool:
        """Whether it lasts as long as `other`, or longer."""
        return self.valid_to is None or (other.valid_to is not None and other.valid_to <= self.valid_to)


def key_of(node: Node) -> str:
    """The node as text, as forms and the history write it."""
    match node.level:
        case Level.OFFICE:
            return f"{Level.OFFICE}:{node.office_id}"
        case Level.NATION:
            return Level.NATION.value
        case Level.PROVINCE:
            return f"{Level.PROVINCE}:{node.province_code}"
        case level:
            return f"{level}:{node.path}"


def grants(assignments: Iterable[RoleInput], *, day: date) -> dict[Permission, Scope]:
    """The permissions that these roles give on this day, with their scopes."""
    granted: dict[Permission, Scope] = {}
    for assignment in assignments:
        if assignment.is_in_force(day):
            reach = Scope.of(assignment.at)
            for permission in ROLES[assignment.role]:
                granted[permission] = granted.get(permission, NOWHERE) | reach
    return granted


def asks_for_factor(assignments: Iterable[RoleInput], *, day: date) -> bool:
    """Whether one of these roles asks for a second factor on this day: those of a province and of the nation do."""
    return any(role.is_in_force(day) and role.at.level in (Level.PROVINCE, Level.NATION) for role in assignments)


class Awaits(StrEnum):
    """What has to be done after the password before anything else opens, in this order."""

    CODE = "code"
    """The code of the second factor."""
    PASSWORD = "password"  # noqa: S105  # a password of one's own, where somebody else set it
    FACTOR = "factor"
    """A second factor, where a role asks for one."""


RANK: dict[Role, int] = {
    Role.MARSHAL: 0,
    Role.CLERK: 0,
    Role.DESK_OFFICER: 1,
    Role.OFFICE_MANAGER: 2,
    Role.PROVINCE_OFFICER: 3,
    Role.ADMINISTRATOR: 4,
}


def may_give(own: Iterable[RoleInput], role: RoleInput, *, day: date, is_new: bool = True) -> bool:
    """Whether the roles `own` allow to give or remove `role` on this day: one of them is in force and stands above it.

    A new role may not outlast the one by which it is given: nobody prolongs their own, or goes on by another account.
    """
    return any(
        mine.is_in_force(day)
        and (mine.lasts_as_long_as(role) or not is_new)
        and Permission.STAFF_WRITE in ROLES[mine.role]
        and _stands_above(mine, role)
        for mine in own
    )


def _stands_above(mine: RoleInput, role: RoleInput) -> bool:
    """Whether `role` lies within the place of `mine`, and below it in rank or in place.

    Equals do not decide about each other: a manager neither makes a second manager of the office nor closes one. The
    administrators of the country have nobody above them.
    """
    if not mine.at.covers(role.at):
        return False
    if mine.at != role.at or (mine.role is Role.ADMINISTRATOR and mine.at == NATION):
        return RANK[mine.role] >= RANK[role.role]
    return RANK[mine.role] > RANK[role.role]
