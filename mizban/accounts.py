"""Accounts on the command line: a role with its place, an account by its username, a new password."""

from __future__ import annotations

import secrets

from sqlalchemy.orm import Session

from desk.offices.queries import all_offices, office_by_code, provinces
from desk.organisation import EVERYWHERE, NATION, Level
from desk.organisation import province as province_node
from desk.staff.listing import members
from desk.staff.permissions import Role
from desk.staff.queries import MemberRow
from desk.staff.rules import RoleInput
from mizban.troubles import Trouble

LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Letters and digits that are not confused when read aloud or copied by hand."""


def new_password() -> str:
    """A random password of 83 bits, in four groups of four such as `kx7M-pQ2a-Zt9w-4hRb`."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def role_of(session: Session, *, role: str, office: str = "", province: str = "", nation: bool = False) -> RoleInput:
    """The role at the place that the options name. Raises `Trouble`."""
    if role not in {known.value for known in Role}:
        raise Trouble(f"There is no role {role}; there are {', '.join(Role)}.")
    if sum((bool(office), bool(province), nation)) != 1:
        raise Trouble("Say where the role holds, with one of --office CODE, --province CODE, --nation.")
    if office:
        found = office_by_code(session, code=office)
        if found is None:
            raise Trouble(f"There is no office with the code {office}.")
        return RoleInput(Role(role), found.node)
    if province:
        if province not in {row.code for row in provinces(session)}:
            raise Trouble(f"There is no province with the code {province}; they are written like IR-30.")
        return RoleInput(Role(role), province_node(province))
    return RoleInput(Role(role), NATION)


def accounts(session: Session) -> list[tuple[MemberRow, list[str]]]:
    """Every account with its roles as the command line shows them: `clerk at office 72-1102`."""
    codes = {office.id: office.code for office in all_offices(session, scope=EVERYWHERE)}
    return [(row, [_named(role, codes) for role in row.roles]) for row in members(session, scope=EVERYWHERE).rows]


def _named(role: RoleInput, codes: dict[int, str]) -> str:
    match role.at.level:
        case Level.OFFICE:
            return f"{role.role} at office {codes.get(role.at.office_id or 0, '?')}"
        case Level.PROVINCE:
            return f"{role.role} in province {role.at.province_code}"
        case Level.NATION:
            return f"{role.role} everywhere"
        case level:
            return f"{role.role} in {level} {role.at.path}"


def member_named(session: Session, *, username: str) -> MemberRow:
    """The account of this username. Raises `Trouble`."""
    wanted = username.strip().casefold()
    found = next((row for row in members(session, scope=EVERYWHERE).rows if row.username == wanted), None)
    if found is None:
        raise Trouble(f"There is no account {username}; see: mizban staff list")
    return found
