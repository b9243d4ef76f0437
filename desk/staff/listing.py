"""Reading the accounts within a scope, filtered by name, role and place, by page."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from desk.organisation import Scope, province
from desk.reading.folding import folded_words
from desk.staff.models import RoleAssignment, StaffMember
from desk.staff.permissions import Role
from desk.staff.queries import MemberRow, roles_within, with_roles
from desk.storage.upsert import table_of

_members = table_of(StaffMember)
_roles = table_of(RoleAssignment)
_PAGE = select(func.count().over().label("total"), _members).order_by(
    ~_members.c.is_active, _members.c.sorts_as, _members.c.id
)
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Members:
    """Some of the matching accounts, and the number of all."""

    rows: list[MemberRow]
    total: int


def members(
    session: Session,
    *,
    scope: Scope,
    words: str = "",
    role: Role | None = None,
    province_code: str | None = None,
    is_active: bool | None = None,
    limit: int | None = None,
    skip: int = 0,
) -> Members:
    """The accounts with a role within `scope`, closed ones last, by name in the Persian alphabet.

    The nation sees those without a role as well.

    `role` and `province_code` together mean one role in that province or at one of its offices. `limit` None = all. A
    page behind the end has no rows but the right total.
    """
    fits: list[ColumnElement[bool]] = [
        _members.c.search_words.contains(word, autoescape=True) for word in folded_words(words)[:MOST_WORDS]
    ]
    if not scope.is_national:
        fits.append(_holds_one(roles_within(scope)))
    held: list[ColumnElement[bool]] = []
    if role is not None:
        held.append(_roles.c.role == role)
    if province_code is not None:
        held.append(roles_within(Scope.of(province(province_code))))
    if held:
        fits.append(_holds_one(*held))
    if is_active is not None:
        fits.append(_members.c.is_active.is_(is_active))
    found = session.execute(_PAGE.where(*fits).limit(limit).offset(skip)).all()
    if not found:
        total = session.scalar(select(func.count()).select_from(_members).where(*fits)) if skip else 0
        return Members([], total or 0)
    return Members(with_roles(session, found), found[0].total)


def _holds_one(*fits: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(_roles.c.staff_id == _members.c.id, *fits)
