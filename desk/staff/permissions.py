"""Every permission of the back office and which role holds which, in one table."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody does; apart from the job title, and always within a scope."""

    CLERK = "clerk"
    MARSHAL = "marshal"
    DESK_OFFICER = "desk_officer"
    OFFICE_MANAGER = "office_manager"
    PROVINCE_OFFICER = "province_officer"
    ADMINISTRATOR = "administrator"


class ScopeKind(StrEnum):
    """How far a role reaches."""

    OFFICE = "office"
    PROVINCE = "province"
    NATION = "nation"


class Permission(StrEnum):
    """`resource:action`, in alphabetical order."""

    APPOINTMENTS_READ = "appointments:read"
    APPOINTMENTS_RECORD = "appointments:record"
    CAPACITY_READ = "capacity:read"
    CAPACITY_WRITE = "capacity:write"
    CASES_ANSWER = "cases:answer"
    CASES_ASSIGN = "cases:assign"
    CASES_READ = "cases:read"
    CATALOGUE_READ = "catalogue:read"
    CATALOGUE_WRITE = "catalogue:write"
    MESSAGES_READ = "messages:read"
    OFFICES_READ = "offices:read"
    OFFICES_WRITE = "offices:write"
    STAFF_READ = "staff:read"
    STAFF_WRITE = "staff:write"


P = Permission
READ_ONLY_BASICS = frozenset({P.CATALOGUE_READ, P.OFFICES_READ, P.CAPACITY_READ})

ROLES: dict[Role, frozenset[Permission]] = {
    Role.MARSHAL: READ_ONLY_BASICS | {P.APPOINTMENTS_READ, P.APPOINTMENTS_RECORD},
    Role.CLERK: READ_ONLY_BASICS | {P.APPOINTMENTS_READ, P.APPOINTMENTS_RECORD},
    Role.DESK_OFFICER: READ_ONLY_BASICS
    | {P.APPOINTMENTS_READ, P.APPOINTMENTS_RECORD, P.CASES_READ, P.CASES_ANSWER, P.CASES_ASSIGN},
    Role.OFFICE_MANAGER: READ_ONLY_BASICS
    | {
        P.APPOINTMENTS_READ,
        P.APPOINTMENTS_RECORD,
        P.CAPACITY_WRITE,
        P.CASES_READ,
        P.CASES_ANSWER,
        P.CASES_ASSIGN,
        P.OFFICES_WRITE,
        P.STAFF_READ,
        P.STAFF_WRITE,
    },
    Role.PROVINCE_OFFICER: READ_ONLY_BASICS
    | {
        P.APPOINTMENTS_READ,
        P.CAPACITY_WRITE,
        P.CASES_READ,
        P.CASES_ANSWER,
        P.CASES_ASSIGN,
        P.OFFICES_WRITE,
        P.STAFF_READ,
        P.STAFF_WRITE,
    },
    Role.ADMINISTRATOR: frozenset(Permission),
}
