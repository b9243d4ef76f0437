"""Pure rules of accounts: passwords, the growing lock-out, sessions, and how far a role reaches."""

from __future__ import annotations

import hashlib
import secrets
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from desk.reading.folding import alphabet_key, joined
from desk.staff.permissions import ROLES, Permission, Role, ScopeKind

IDLE_LIMIT = timedelta(hours=8)
ABSOLUTE_LIMIT = timedelta(hours=12)
TRIES_BEFORE_LOCK = 5
LONGEST_LOCK = timedelta(minutes=30)
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 128
LONG_ENOUGH_FOR_ONE_KIND = 16
"""From this length on a password may be all letters: a sentence is easier to keep than a riddle."""

_hasher = PasswordHasher()


def _hash_of_nothing() -> str:
    salt, digest = (
        b64encode(secrets.token_bytes(length)).decode().rstrip("=") for length in (_hasher.salt_len, _hasher.hash_len)
    )
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"


DECOY_HASH = _hash_of_nothing()
"""No password fits it, and checking one takes as long as for an account. Drawn, not computed: that would take 50 ms."""


class PasswordFault(StrEnum):
    """Why a new password is not accepted."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    LIKE_USERNAME = "like_username"
    TOO_PLAIN = "too_plain"
    """All digits, or all letters of one case and short, or hardly more than one sign repeated."""


def password_fault(password: str, *, username: str) -> PasswordFault | None:
    """The first reason why this may not be the password of `username`, or None when it may."""
    if len(password) < SHORTEST_PASSWORD:
        return PasswordFault.TOO_SHORT
    if len(password) > LONGEST_PASSWORD:
        return PasswordFault.TOO_LONG
    if username and username.casefold() in password.casefold():
        return PasswordFault.LIKE_USERNAME
    if len(set(password.casefold())) < 5 or password.isdigit():
        return PasswordFault.TOO_PLAIN
    one_kind = len({_kind_of(sign) for sign in password}) == 1
    if one_kind and len(password) < LONG_ENOUGH_FOR_ONE_KIND:
        return PasswordFault.TOO_PLAIN
    return None


def _kind_of(sign: str) -> str:
    if sign.isdigit():
        return "digit"
    if not sign.isalpha():
        return "sign"
    return "capital" if sign.isupper() else "letter"


def hash_password(password: str) -> str:
    """The argon2id hash to store; takes about 50 ms on purpose."""
    return _hasher.hash(password)


def verify_password(password_hash: str, password: str) -> bool:
    """Whether the password is the right one; takes about 50 ms, so call it outside a write transaction."""
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def username_of(typed: str) -> str:
    """The username as it is kept, of what somebody typed."""
    return typed.strip().casefold()


def hash_token(token: str) -> str:
    """What is stored of a session's token: SHA-256, since the token itself is 32 random bytes."""
    return hashlib.sha256(token.encode()).hexdigest()


def lock_after(failed: int) -> timedelta | None:
    """How long the `failed`-th wrong password in a row locks the account: each fifth does, for 1, 2, 4 … 30 minutes.

    After a lock there are five tries again, so one wrong password now and then cannot keep the owner out. What five
    more cost grows, so that guessing stays slow; the right password forgets them all.
    """
    locks, beyond = divmod(failed, TRIES_BEFORE_LOCK)
    if locks == 0 or beyond:
        return None
    return min(timedelta(minutes=2 ** min(locks - 1, 6)), LONGEST_LOCK)


def session_end(*, created_at: datetime, now: datetime) -> datetime:
    """When a session used `now` ends: after 8 idle hours, and 12 hours after signing in at the latest."""
    return min(now + IDLE_LIMIT, created_at + ABSOLUTE_LIMIT)


@dataclass(frozen=True, slots=True)
class Scope:
    """How far a permission reaches; a province includes its offices."""

    nation: bool = False
    provinces: frozenset[str] = frozenset()
    offices: frozenset[int] = frozenset()

    def covers_office(self, *, office_id: int, province_code: str) -> bool:
        """Whether it reaches that office, by itself or through its province."""
        return office_id in self.offices or self.covers_province(province_code=province_code)

    def covers_province(self, *, province_code: str) -> bool:
        """Whether it reaches the whole province."""
        return self.nation or province_code in self.provinces

    def __or__(self, other: Scope) -> Scope:
        return Scope(self.nation or other.nation, self.provinces | other.provinces, self.offices | other.offices)

    def __bool__(self) -> bool:
        return self.nation or bool(self.provinces) or bool(self.offices)


LONGEST_SEARCH_WORDS = 400


def search_words(name: str, username: str) -> str:
    """The folded name and username that an account is found by, each in one piece.

    Stored: where this or the folding changes, a migration makes the stored words anew.
    """
    return f"{joined(name)} {joined(username)}"[:LONGEST_SEARCH_WORDS]


LONGEST_SORTS_AS = 240


def sorts_as(name: str) -> str:
    """The key by which a name finds its place in the Persian alphabet. Stored, like `search_words`."""
    return alphabet_key(name)[:LONGEST_SORTS_AS]


@dataclass(frozen=True, slots=True)
class RoleInput:
    """One role within one scope; `province_code` belongs to PROVINCE, `office_id` to OFFICE, none to NATION.

    Raises:
        ValueError: the place does not fit the kind of scope.
    """

    role: Role
    scope: ScopeKind
    province_code: str | None = None
    office_id: int | None = None

    def __post_init__(self) -> None:
        wants = (self.scope is ScopeKind.PROVINCE, self.scope is ScopeKind.OFFICE)
        if (self.province_code is not None, self.office_id is not None) != wants:
            place = f"province {self.province_code!r} and office {self.office_id!r}"
            raise ValueError(f"a role for {self.scope} got {place}")

    @property
    def key(self) -> str:
        """`office:7`, `province:IR-30` or `nation`."""
        place = self.province_code if self.scope is ScopeKind.PROVINCE else self.office_id
        return self.scope.value if place is None else f"{self.scope}:{place}"

    @property
    def reach(self) -> Scope:
        """The scope by itself."""
        return Scope(
            nation=self.scope is ScopeKind.NATION,
            provinces=frozenset() if self.province_code is None else frozenset({self.province_code}),
            offices=frozenset() if self.office_id is None else frozenset({self.office_id}),
        )


def grants(assignments: Iterable[RoleInput]) -> dict[Permission, Scope]:
    """What somebody with these roles may do, and how far; a permission that is missing is not held anywhere."""
    granted: dict[Permission, Scope] = {}
    for assignment in assignments:
        for permission in ROLES[assignment.role]:
            granted[permission] = granted.get(permission, Scope()) | assignment.reach
    return granted


RANK: dict[Role, int] = {
    Role.MARSHAL: 0,
    Role.CLERK: 0,
    Role.DESK_OFFICER: 1,
    Role.OFFICE_MANAGER: 2,
    Role.PROVINCE_OFFICER: 3,
    Role.ADMINISTRATOR: 4,
}


def may_give(own: Iterable[RoleInput], role: RoleInput, *, province_of_office: str | None) -> bool:
    """Whether somebody with the roles `own` may give or take `role`: within their reach and not above their rank.

    `province_of_office` is the province of the role's office, where it has one.
    """
    return any(
        Permission.STAFF_WRITE in ROLES[mine.role]
        and RANK[mine.role] >= RANK[role.role]
        and _reaches(mine.reach, role, province_of_office)
        for mine in own
    )


def _reaches(reach: Scope, role: RoleInput, province_of_office: str | None) -> bool:
    if reach.nation:
        return True
    if role.office_id is not None:
        return role.office_id in reach.offices or province_of_office in reach.provinces
    return role.province_code is not None and role.province_code in reach.provinces
