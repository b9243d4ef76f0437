"""The roles, and which of them holds which permission, in one table."""

from __future__ import annotations

from enum import StrEnum

from desk.acting import Permission

__all__ = ["ROLES", "Permission", "Role"]


class Role(StrEnum):
    """The roles of staff; a role is not a job title and always has a scope."""

    CLERK = "clerk"
    MARSHAL = "marshal"
    DESK_OFFICER = "desk_officer"
    OFFICE_MANAGER = "office_manager"
    PROVINCE_OFFICER = "province_officer"
    ADMINISTRATOR = "administrator"


P = Permission
READ_ONLY_BASICS = frozenset({P.CATALOGUE_READ, P.OFFICES_READ, P.CAPACITY_READ})
AT_THE_COUNTER = frozenset({P.APPOINTMENTS_READ, P.APPOINTMENTS_NAMES, P.APPOINTMENTS_RECORD})

ROLES: dict[Role, frozenset[Permission]] = {
    Role.MARSHAL: READ_ONLY_BASICS | AT_THE_COUNTER | {P.APPOINTMENTS_WALK_IN},
    Role.CLERK: READ_ONLY_BASICS | AT_THE_COUNTER | {P.APPOINTMENTS_BOOK, P.APPOINTMENTS_WALK_IN},
    Role.DESK_OFFICER: READ_ONLY_BASICS | AT_THE_COUNTER | {P.CASES_READ, P.CASES_ANSWER, P.CASES_ASSIGN},
    Role.OFFICE_MANAGER: READ_ONLY_BASICS
    | AT_THE_COUNTER
    | {
        P.APPOINTMENTS_BOOK,
        P.APPOINTMENTS_PLAN,
        P.APPOINTMENTS_WALK_IN,
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
        P.HISTORY_READ,
        P.OFFICES_WRITE,
        P.SIGNS_REVIEW,
        P.STAFF_READ,
        P.STAFF_WRITE,
    },
    Role.ADMINISTRATOR: frozenset(Permission) - {P.APPOINTMENTS_PLAN},
}
