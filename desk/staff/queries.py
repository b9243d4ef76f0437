"""Reading sessions with their permissions, credentials to check, and accounts with their roles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from desk.acting import Actor, Permission
from desk.calendar import TEHRAN, local_day_of
from desk.offices.models import Office
from desk.offices.reach import areas_within, office_ids_within
from desk.organisation import NATION, Node, Scope, office
from desk.staff.models import RoleAssignment, StaffDevice, StaffMember, StaffSession
from desk.staff.passwords import decoy_hash
from desk.staff.permissions import Role
from desk.staff.refusals import TooManyTries
from desk.staff.rules import Awaits, RoleInput, asks_for_factor, grants, hash_token, username_of
from desk.storage.rows import columns_for
from desk.storage.upsert import table_of

_members = table_of(StaffMember)
_roles = table_of(RoleAssignment)
_sessions = table_of(StaffSession)
_devices = table_of(StaffDevice)
_offices = table_of(Office)


def role_of(
    role: Role,
    area: str | None,
    office_id: int | None,
    valid_from: date | None,
    valid_to: date | None,
    area_of_office: str | None,
) -> RoleInput:
    """The role of the values of the columns `ROLE`."""
    at = Node(area or "/") if office_id is None else office(office_id, area=area_of_office or "/")
    return RoleInput(role, at, valid_from, valid_to)


ROLE = columns_for(
    role_of, *_roles.c["role", "area", "office_id", "valid_from", "valid_to"], area_of_office=_offices.c.area
)
"""The columns that `role_of` reads; the statement outer-joins the table of offices by `AT_OFFICE`."""
AT_OFFICE = _offices.c.id == _roles.c.office_id
IS_ADMINISTRATOR = and_(_roles.c.role == Role.ADMINISTRATOR, _roles.c.area == NATION.path)
"""The condition that a role is administrator of the whole country."""

AT_ONCE = 500
"""Usernames in one statement."""


@dataclass(frozen=True, slots=True)
class SignedInStaff:
    """The signed-in person of a request and their permissions; `token_hash` identifies the session."""

    staff_id: int
    username: str
    name: str
    must_change_password: bool
    actor: Actor
    """The person as an actor, with today's permissions."""
    token_hash: str
    csrf_token: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    proof_hash: str | None
    proved_at: datetime | None
    awaits_code: bool = False
    """True = the password was right and nothing else was said yet."""
    has_factor: bool = False
    has_passkey: bool = False
    challenges: int = 0
    needs_factor: bool = False
    """Whether a role of the account asks for a second factor today."""

    @property
    def awaits(self) -> Awaits | None:
        """What comes before anything else opens."""
        if self.awaits_code:
            return Awaits.CODE
        if self.must_change_password:
            return Awaits.PASSWORD
        return Awaits.FACTOR if self.needs_factor and not self.has_factor else None

    def scope(self, permission: Permission) -> Scope:
        """The scope of the permission; an empty scope (false) where it is not held."""
        return self.actor.scope(permission)


@dataclass(frozen=True, slots=True)
class Credentials:
    """The hash that a password is checked against; `staff_id` None = no such account, and a hash that no password
    fits."""

    staff_id: int | None
    password_hash: str
    device_hash: str | None = None
    """The hash of the browser's cookie where the browser is known for this account: its tries are counted apart."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """An account with its roles; `locked_until` counts only while it is in the future."""

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
        _members.c.second_factor_at,
        _members.c.has_passkey,
        _sessions.c.token_hash,
        _sessions.c.csrf_token,
        _sessions.c.created_at,
        _sessions.c.seen_at,
        _sessions.c.expires_at,
        _sessions.c.proof_hash,
        _sessions.c.proved_at,
        _sessions.c.awaits_code,
        _sessions.c.challenges,
        *ROLE,
    )
    .join_from(_sessions, _members, _members.c.id == _sessions.c.staff_id)
    .join(_roles, _roles.c.staff_id == _members.c.id, isouter=True)
    .join(_offices, AT_OFFICE, isouter=True)
    .where(
        _sessions.c.token_hash == bindparam("token"), _sessions.c.expires_at > bindparam("now"), _members.c.is_active
    )
)


def session(session: Session, *, token: str, now: datetime) -> SignedInStaff | None:
    """The person of this session token, with their permissions; None = unknown, ended, or the account is closed."""
    rows = session.execute(_SIGNED_IN, {"token": hash_token(token), "now": now}).all()
    if not rows:
        return None
    first, day = rows[0], local_day_of(now, zone=TEHRAN).date
    roles = [role_of(*row[-len(ROLE) :]) for row in rows if row.role is not None]
    return SignedInStaff(
        staff_id=first.id,
        username=first.username,
        name=first.name,
        must_change_password=first.must_change_password,
        actor=Actor.staff(first.id, grants(roles, day=day)),
        token_hash=first.token_hash,
        csrf_token=first.csrf_token,
        created_at=first.created_at,
        seen_at=first.seen_at,
        expires_at=first.expires_at,
        proof_hash=first.proof_hash,
        proved_at=first.proved_at,
        awaits_code=first.awaits_code,
        has_passkey=first.has_passkey,
        challenges=first.challenges,
        has_factor=first.second_factor_at is not None,
        needs_factor=asks_for_factor(roles, day=day),
    )


_CREDENTIALS = (
    select(
        _members.c.id,
        _members.c.password_hash,
        _members.c.locked_until,
        _devices.c.token_hash.label("device_hash"),
        _devices.c.locked_until.label("device_locked_until"),
    )
    .join(
        _devices,
        and_(_devices.c.staff_id == _members.c.id, _devices.c.token_hash == bindparam("device")),
        isouter=True,
    )
    .where(_members.c.username == bindparam("username"), _members.c.is_active)
)


def credentials(session: Session, *, username: str, device: str | None = None, now: datetime) -> Credentials:
    """What to check the password of `username` against, outside the transaction; `device` is the browser's cookie.

    An unknown or closed account gives a hash too, so that the time of the answer reveals nothing. The caller counts
    tries of such names with `desk.staff.strangers.UnknownNames`.

    Raises:
        TooManyTries: the account is locked for now, or the browser where it is known for this account. The caller
            checks the password against `passwords.decoy_hash()` all the same.
    """
    asked = {"username": username_of(username), "device": hash_token(device) if device else None}
    row = session.execute(_CREDENTIALS, asked).first()
    if row is None:
        return Credentials(None, decoy_hash())
    locked_until = row.locked_until if row.device_hash is None else row.device_locked_until
    if locked_until is not None and locked_until > now:
        raise TooManyTries(locked_until)
    return Credentials(row.id, row.password_hash, row.device_hash)


def password_hash_of(session: Session, *, staff_id: int) -> str:
    """What to check the password of somebody signed in against, outside the transaction."""
    found = session.scalar(select(_members.c.password_hash).where(_members.c.id == staff_id, _members.c.is_active))
    return found or decoy_hash()


def roles_of(session: Session, *, staff_id: int) -> tuple[RoleInput, ...]:
    """The roles of one account, in force or not; none when it is closed or unknown."""
    query = (
        select(*ROLE)
        .join_from(_roles, _members, _members.c.id == _roles.c.staff_id)
        .join(_offices, AT_OFFICE, isouter=True)
        .where(_roles.c.staff_id == staff_id, _members.c.is_active)
        .order_by(_roles.c.id)
    )
    return tuple(role_of(*row) for row in session.execute(query))


def grants_of(session: Session, *, staff_id: int, now: datetime) -> dict[Permission, Scope]:
    """The permissions of one account today, with their scopes; none when it is closed or unknown."""
    return grants(roles_of(session, staff_id=staff_id), day=local_day_of(now, zone=TEHRAN).date)


def actor_of(session: Session, *, staff_id: int, now: datetime) -> Actor:
    """One account as an actor, without a session, with today's permissions."""
    return Actor.staff(staff_id, grants_of(session, staff_id=staff_id, now=now))


def roles_within(scope: Scope) -> ColumnElement[bool]:
    """The condition that a role lies within `scope`."""
    return or_(areas_within(scope, _roles.c.area), office_ids_within(scope, _roles.c.office_id))


def member(session: Session, *, member_id: int, scope: Scope | None = None) -> MemberRow | None:
    """One account; with a `scope` only when it holds a role within it."""
    query = select(_members).where(_members.c.id == member_id)
    if scope is not None and not scope.is_national:
        query = query.where(exists().where(_roles.c.staff_id == _members.c.id, roles_within(scope)))
    found = with_roles(session, session.execute(query).all())
    return found[0] if found else None


def members_by_username(session: Session, *, usernames: Collection[str]) -> dict[str, MemberRow]:
    """The accounts of these usernames, open or not, by their usernames."""
    wanted, found = sorted(set(usernames)), {}
    for first in range(0, len(wanted), AT_ONCE):
        rows = session.execute(select(_members).where(_members.c.username.in_(wanted[first : first + AT_ONCE]))).all()
        found.update({member.username: member for member in with_roles(session, rows)})
    return found


def with_roles(session: Session, rows: Iterable[Row[Any]]) -> list[MemberRow]:
    """The accounts of these rows of their table, with their roles."""
    accounts = list(rows)
    roles: dict[int, list[RoleInput]] = defaultdict(list)
    held = (
        select(_roles.c.staff_id, *ROLE)
        .join_from(_roles, _offices, AT_OFFICE, isouter=True)
        .where(_roles.c.staff_id.in_([row.id for row in accounts]))
    )
    for staff_id, *role in session.execute(held.order_by(_roles.c.id)):
        roles[staff_id].append(role_of(*role))
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


def administrators(session: Session, *, now: datetime) -> int:
    """The number of open accounts that administer the whole country without an end date."""
    today, begins = local_day_of(now, zone=TEHRAN).date, _roles.c.valid_from
    return (
        session.scalar(
            select(func.count(func.distinct(_members.c.id)))
            .join_from(_members, _roles, _roles.c.staff_id == _members.c.id)
            .where(
                _members.c.is_active,
                IS_ADMINISTRATOR,
                _roles.c.valid_to.is_(None),
                or_(begins.is_(None), begins <= today),
            )
        )
        or 0
    )
