"""The actions on accounts and their roles, each within the scope and rank of the actor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from desk.acting import Actor
from desk.events import actions as events
from desk.events.rules import Data
from desk.organisation import NATION
from desk.refusals import whole
from desk.staff.authority import require_may_change, require_may_give
from desk.staff.models import RoleAssignment, StaffMember
from desk.staff.one_at_a_time import one_change_at_a_time
from desk.staff.passwords import ISSUED_LIVES, hash_password, password_fault
from desk.staff.permissions import Role
from desk.staff.queries import administrators
from desk.staff.refusals import (
    LastAdministrator,
    NotYourself,
    NotYourStaff,
    UsernameTaken,
    UsernameUnfit,
    WeakPassword,
)
from desk.staff.rules import RoleInput, search_words, sorts_as, username_of
from desk.staff.sign_in import (
    Browser,
    SignedIn,
    end_sessions,
    forget_devices,
    forget_devices_of,
    forget_sessions,
    open_session,
    renew,
    sign_out,
    touch,
    wants_touch,
    whole_session,
)
from desk.staff.tries import note_unknown_name, note_wrong_answer, note_wrong_code, note_wrong_password
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_if_new, table_of

__all__ = [
    "Browser",
    "SignedIn",
    "create",
    "deactivate",
    "forget_devices",
    "forget_sessions",
    "note_unknown_name",
    "note_wrong_answer",
    "note_wrong_code",
    "note_wrong_password",
    "open_session",
    "renew",
    "set_password",
    "sign_out",
    "touch",
    "update_member",
    "wants_touch",
    "whole_session",
]

_members = table_of(StaffMember)
_roles = table_of(RoleAssignment)
_USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,39}", re.ASCII)


def create(
    session: WriteSession,
    *,
    username: str,
    name: str,
    password: str,
    roles: Sequence[RoleInput],
    actor: Actor,
    must_change_password: bool = True,
    hashed: str | None = None,
    now: datetime,
) -> int:
    """Make an account and return its id; `actor` is the person who makes it.

    `hashed` is the hash of the password where it was made before the transaction. A password that has to be changed
    opens the account for `passwords.ISSUED_LIVES`.

    Raises:
        UsernameUnfit, UsernameTaken, WeakPassword: as they say.
        NotYoursToGive: a role is beyond the reach or rank of who makes it.
    """
    username = username_of(username)
    if _USERNAME.fullmatch(username) is None:
        raise UsernameUnfit(username)
    _require_good_password(password, username=username)
    require_may_give(session, actor, roles, now=now)
    kept = whole(name.strip(), most=80)
    member_id: int | None = session.execute(
        insert_if_new(session, StaffMember, unique=("username",)).returning(_members.c.id),
        {
            "username": username,
            "name": kept,
            "search_words": search_words(kept, username),
            "sorts_as": sorts_as(kept),
            "password_hash": hashed or hash_password(password),
            "must_change_password": must_change_password,
            "password_until": now + ISSUED_LIVES if must_change_password else None,
            "created_at": now,
        },
    ).scalar_one_or_none()
    if member_id is None:
        raise UsernameTaken(username)
    _write_roles(session, member_id, roles)
    _record(session, actor, "staff.create", member_id, now, reach=roles, new={"roles": _told(roles)})
    return member_id


def update_member(
    session: WriteSession,
    *,
    member_id: int,
    name: str,
    roles: Sequence[RoleInput],
    is_active: bool = True,
    actor: Actor,
    now: datetime,
) -> None:
    """Set the account's name, and exactly these roles; `is_active` False is `deactivate`, True reopens it.

    Raises:
        NotYourStaff: a role that it holds is beyond the actor's scope. NotYoursToGive: a new role is.
        NotYourself: it is the actor's own account. LastAdministrator: nobody would administer the whole country.
    """
    one_change_at_a_time(session)
    before = require_may_change(session, actor, member_id, now=now)
    new = [role for role in roles if role not in before]
    require_may_give(session, actor, new, now=now)
    if actor.staff_id == member_id and not is_active:
        raise NotYourself(member_id)
    kept = whole(name.strip(), most=80)
    username, was_named, was_active = session.execute(
        select(_members.c.username, _members.c.name, _members.c.is_active).where(_members.c.id == member_id)
    ).one()
    values = {
        "name": kept,
        "search_words": search_words(kept, username),
        "sorts_as": sorts_as(kept),
        "is_active": is_active,
    }
    session.execute(update(_members).where(_members.c.id == member_id).values(values))
    session.execute(delete(_roles).where(_roles.c.staff_id == member_id))
    _write_roles(session, member_id, roles)
    if any(role.role is Role.ADMINISTRATOR for role in before) and administrators(session, now=now) == 0:
        raise LastAdministrator(member_id)
    if not is_active:
        end_sessions(session, member_id=member_id)
    _record(
        session,
        actor,
        "staff.update",
        member_id,
        now,
        reach=[*before, *roles],
        old={"roles": _told(before), "is_active": was_active},
        new={"roles": _told(roles), "is_active": is_active},
        data={"name": "changed"} if kept != was_named else None,
    )


def deactivate(session: WriteSession, *, member_id: int, actor: Actor, now: datetime) -> None:
    """Close the account and end its sessions; its history stays.

    Raises:
        NotYourStaff, NotYourself, LastAdministrator: as for `update_member`.
    """
    if actor.staff_id == member_id:
        raise NotYourself(member_id)
    one_change_at_a_time(session)
    before = require_may_change(session, actor, member_id, now=now)
    session.execute(update(_members).where(_members.c.id == member_id).values(is_active=False))
    if any(role.role is Role.ADMINISTRATOR for role in before) and administrators(session, now=now) == 0:
        raise LastAdministrator(member_id)
    end_sessions(session, member_id=member_id)
    _record(
        session,
        actor,
        "staff.deactivate",
        member_id,
        now,
        reach=before,
        old={"is_active": True},
        new={"is_active": False},
    )


def set_password(
    session: WriteSession,
    *,
    member_id: int,
    password: str,
    actor: Actor,
    keep_token_hash: str | None = None,
    hashed: str | None = None,
    now: datetime,
) -> None:
    """Set a new password and end the account's sessions, except `keep_token_hash`, which the caller renews.

    A password set for somebody else opens the account for `passwords.ISSUED_LIVES` and must be changed at the next
    sign-in; the account's browsers are strangers again. Where people change their own, the page asks for the old one
    first. `hashed` is the hash of the password where it was made before the transaction.

    Raises:
        WeakPassword: it is too easy to guess. NotYourStaff: the account is beyond the actor's scope.
    """
    if actor.staff_id != member_id:
        require_may_change(session, actor, member_id, now=now)
    username = session.scalar(select(_members.c.username).where(_members.c.id == member_id))
    if username is None:
        raise NotYourStaff(member_id)
    _require_good_password(password, username=username)
    is_own = actor.staff_id == member_id
    session.execute(
        update(_members)
        .where(_members.c.id == member_id)
        .values(
            password_hash=hashed or hash_password(password),
            must_change_password=not is_own,
            password_until=None if is_own else now + ISSUED_LIVES,
            failed_sign_ins=0,
            locked_until=None,
        )
    )
    end_sessions(session, member_id=member_id, except_token_hash=keep_token_hash)
    if not is_own:
        forget_devices_of(session, member_id=member_id)
    _record(session, actor, "staff.set_password", member_id, now)


def _require_good_password(password: str, *, username: str) -> None:
    fault = password_fault(password, username=username)
    if fault is not None:
        raise WeakPassword(fault)


def _write_roles(session: WriteSession, member_id: int, roles: Sequence[RoleInput]) -> None:
    rows = [
        {
            "staff_id": member_id,
            "role": role.role,
            "area": role.at.path if role.at.office_id is None else None,
            "office_id": role.at.office_id,
            "valid_from": role.valid_from,
            "valid_to": role.valid_to,
        }
        for role in dict.fromkeys(roles)
    ]
    if rows:
        session.execute(insert(_roles), rows)


def _told(roles: Iterable[RoleInput]) -> list[str]:
    return sorted(role.said for role in roles)


def _record(
    session: WriteSession,
    actor: Actor,
    action: str,
    member_id: int,
    now: datetime,
    *,
    reach: Iterable[RoleInput] = (),
    old: Data | None = None,
    new: Data | None = None,
    data: Data | None = None,
) -> None:
    """Write the change into the history at the account's one office or province, else for the country."""
    places = {role.at for role in reach}
    at = places.pop() if len(places) == 1 else NATION
    events.note(
        session,
        actor=actor,
        kind=action,
        subject=f"staff:{member_id}",
        office_id=at.office_id,
        province_code=None if at.office_id is not None else at.province_code,
        old=old,
        new=new,
        data=data,
        now=now,
    )
