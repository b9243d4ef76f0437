"""Says the roles of an account in words, each with its place and its days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backoffice.staff.wording import LEVELS, ROLES
from desk.language.text import FullDay, Param, Text, words
from desk.offices import queries as offices
from desk.offices.rows import ProvinceRow
from desk.organisation import Level, province
from desk.staff.rules import RoleInput, key_of
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay

_ = words("staff")


def names_of_places(
    session: ReadSession | WriteSession, roles: Sequence[RoleInput], *, provinces: Sequence[ProvinceRow] = ()
) -> dict[str, Param]:
    """The names of the places that these roles are for, by their keys."""
    ids = sorted({role.at.office_id for role in roles if role.at.office_id is not None})
    names: dict[str, Param] = {
        key_of(row.node): row.name for row in offices.offices_by_id(session, office_ids=ids).values()
    }
    levels = {role.at.level for role in roles}
    if Level.PROVINCE in levels:
        names |= {key_of(province(row.code)): row.name for row in provinces or offices.provinces(session)}
    if levels & {Level.COUNTY, Level.DISTRICT}:
        names |= {key_of(row.node): row.name for row in offices.areas(session)}
    return names


def in_words(role: RoleInput, names: Mapping[str, Param]) -> Text:
    """The role with its place, and its days where it has some."""
    where = _with_place(role, names)
    first, last = (FullDay(LocalDay(day)) if day else None for day in (role.valid_from, role.valid_to))
    if first and last:
        return _("{role}, from {first} to {last}", role=where, first=first, last=last)
    if first:
        return _("{role}, from {first}", role=where, first=first)
    if last:
        return _("{role}, until {last}", role=where, last=last)
    return where


def _with_place(role: RoleInput, names: Mapping[str, Param]) -> Text:
    name = names.get(role.key)
    if name is None:
        return _("{role} ({place})", role=ROLES[role.role], place=LEVELS[role.at.level])
    match role.at.level:
        case Level.PROVINCE:
            return _("{role} (province of {place})", role=ROLES[role.role], place=name)
        case Level.COUNTY:
            return _("{role} (county of {place})", role=ROLES[role.role], place=name)
        case Level.DISTRICT:
            return _("{role} (district of {place})", role=ROLES[role.role], place=name)
        case _:
            return _("{role} ({place})", role=ROLES[role.role], place=name)
