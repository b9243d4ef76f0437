"""Who is signed in with what permissions, credentials to check, and the accounts somebody may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from desk.offices.models import Office
from desk.staff.models import RoleAssignment, StaffMember, StaffSession
from desk.staff.permissions import Permission, Role
from desk.staff.refusals import TooManyTries
from desk.staff.rules import DECOY_HASH, RoleInput, Scope, grants, hash_token, username_of
from desk.storage.upsert import table_of

_members = table_of(StaffMember)
_roles = table_of(RoleAssignment)
_sessions = table_of(StaffSession)
_ROLE = (_roles.c.role, _roles.c.scope, _roles.c.province_code, _roles.c.office_id)


@dataclass(frozen=True, slots=True)
class SignedInStaff:
    """Who makes this request and what they may do; `token_hash` names the session."""

    staff_id: int
    username: str
    name: str
    must_change_password: bool
    grants: dict[Permission, Scope]
    token_hash: str
    csrf_token: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime

    def scope(self, permission: Permission) -> Scope:
        """How far they hold the permission; an empty scope (false) when they do not."""
        return self.grants.get(permission, Scope())


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is checked against; `staff_id` None = no such account, with a hash that nothing fits."""

    staff_id: int | None
    password_hash: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    """An account with its roles; `locked_until` only means something while it lies ahead."""

    id: int
    username: str
    name: str
    is_active: bool
    must_change_password: bool
    locked_until: datetime | None
    signed_in_at: datetime | None
    roles: tuple[RoleInput, ...]


# Built once: every page begins with it.
_SIGNED_IN = (
    select(
        _members.c.id,
        _members.c.username,
        _members.c.name,
        _members.c.must_change_password,
        _sessions.c.token_hash,
        _sessions.c.csrf_token,
        _sessions.c.created_at,
        _sessions.c.seen_at,
        _sessions.c.expires_at,
        *_ROLE,
    )
    .join_from(_sessions, _members, _members.c.id == _sessions.c.staff_id)
    .join(_roles, _roles.c.staff_id == _members.c.id, isouter=True)
    .where(
        _sessions.c.token_hash == bindparam("token"), _sessions.c.expires_at > bindparam("now"), _members.c.is_active
    )
)


def session(session: Session, *, token: str, now: datetime) -> SignedInStaff | None:
    """Who holds this session token, with their permissions; None = unknown, ended, or the account is closed."""
    rows = session.execute(_SIGNED_IN, {"token": hash_token(token), "now": now}).all()
    if not rows:
        return None
    first = rows[0]
    return SignedInStaff(
        staff_id=first.id,
        username=first.username,
        name=first.name,
        must_change_password=first.must_change_password,
        grants=grants(
            RoleInput(row.role, row.scope, row.province_code, row.office_id) for row in rows if row.role is not None
        ),
        token_hash=first.token_hash,
        csrf_token=first.csrf_token,
        created_at=first.created_at,
        seen_at=first.seen_at,
        expires_at=first.expires_at,
    )


def credentials(session: Session, *, username: str, now: datetime) -> Credentials:
    """What to check the password of `username` against, outside the transaction.

    An unknown or closed account gives a hash too, so that the time to answer tells nothing. The web counts the tries
    of those with `strangers.UnknownNames`.

    Raises:
        TooManyTries: the account is locked for now. The web checks the password against `rules.DECOY_HASH` even so.
    """
    m = _members.c
    row = session.execute(
        select(m.id, m.password_hash, m.locked_until).where(m.username == username_of(username), m.is_active)
    ).first()
    if row is None:
        return Credentials(None, DECOY_HASH)
    if row.locked_until is not None and row.locked_until > now:
        raise TooManyTries(row.locked_until)
    return Credentials(row.id, row.password_hash)


def roles_of(session: Session, *, staff_id: int) -> tuple[RoleInput, ...]:
    """The roles of one account, none when it is closed or unknown."""
    query = (
        select(*_ROLE)
        .join_from(_roles, _members, _members.c.id == _roles.c.staff_id)
        .where(_roles.c.staff_id == staff_id, _members.c.is_active)
        .order_by(_roles.c.id)
    )
    return tuple(RoleInput(*row) for row in session.execute(query))


def grants_of(session: Session, *, staff_id: int) -> dict[Permission, Scope]:
    """What one account may do and how far, as actions check it; nothing when it is closed or unknown."""
    return grants(roles_of(session, staff_id=staff_id))


def within(scope: Scope) -> ColumnElement[bool]:
    """Whether a role lies within `scope`, which is not the nation."""
    offices = table_of(Office)
    in_provinces = select(offices.c.id).where(offices.c.province_code.in_(scope.provinces))
    return or_(
        _roles.c.province_code.in_(scope.provinces),
        _roles.c.office_id.in_(scope.offices),
        _roles.c.office_id.in_(in_provinces),
    )


def member(session: Session, *, member_id: int, scope: Scope | None = None) -> MemberRow | None:
    """One account; with a `scope` only when it holds a role within it."""
    query = select(_members).where(_members.c.id == member_id)
    if scope is not None and not scope.nation:
        query = query.where(exists().where(_roles.c.staff_id == _members.c.id, within(scope)))
    found = with_roles(session, session.execute(query).all())
    return found[0] if found else None


def with_roles(session: Session, rows: Iterable[Row[Any]]) -> list[MemberRow]:
    """The accounts of these rows of their table, with their roles."""
    accounts = list(rows)
    roles: dict[int, list[RoleInput]] = defaultdict(list)
    held = select(_roles.c.staff_id, *_ROLE).where(_roles.c.staff_id.in_([row.id for row in accounts]))
    for staff_id, *role in session.execute(held.order_by(_roles.c.id)):
        roles[staff_id].append(RoleInput(*role))
    return [
        MemberRow(
            id=row.id,
            username=row.username,
            name=row.name,
            is_active=row.is_active,
            must_change_password=row.must_change_password,
            locked_until=row.locked_until,
            signed_in_at=row.signed_in_at,
            roles=tuple(roles[row.id]),
        )
        for row in accounts
    ]


def administrators(session: Session) -> int:
    """How many open accounts administer the whole country."""
    return (
        session.scalar(
            select(func.count(func.distinct(_members.c.id)))
            .join_from(_members, _roles, _roles.c.staff_id == _members.c.id)
            .where(_members.c.is_active, _roles.c.role == Role.ADMINISTRATOR, _roles.c.scope_key == "nation")
        )
        or 0
    )
