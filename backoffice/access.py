"""Checks who makes a request, whether they hold the route's permission, and whether an object lies within its scope."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from desk.acting import OutOfReach
from desk.organisation import NATION, NOWHERE, Node, Scope, province
from desk.staff import queries as staff_queries
from desk.staff.permissions import Permission
from desk.staff.queries import SignedInStaff
from desk.staff.rules import Awaits
from desk.staff.sign_in import wants_touch
from desk.storage.base import ReadSession


class Anyone(Enum):
    """What a route may require instead of a permission."""

    SIGNED_IN = "signed_in"
    """Any member of staff, for example for their own account."""
    PUBLIC = "public"
    """Everybody; such a page reads no session, sets no cookie and shows no personal data."""


Needs = Permission | Anyone


class NotSignedIn(Exception):
    """There is no session, or it has ended; `written` is the reply in the form that was sent.

    `had_file` = the form carried a file, which is not kept.
    """

    def __init__(self, *, written: str | None = None, had_file: bool = False) -> None:
        super().__init__()
        self.written = written
        self.had_file = had_file


class ComesFirst(Exception):
    """Something has to be done after the password before other pages open."""

    def __init__(self, awaits: Awaits) -> None:
        super().__init__(awaits)
        self.awaits = awaits


class NotPermitted(Exception):
    """The person does not hold the route's permission anywhere."""

    def __init__(self, staff_id: int | None = None) -> None:
        super().__init__()
        self.staff_id = staff_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """A person who may open a route, and the scope of its permission."""

    staff: SignedInStaff
    scope: Scope
    is_stale: bool
    """True = the session's last activity has to be stored."""


def admit(
    session: ReadSession, *, token: str | None, needs: Needs, opens_while: Collection[Awaits] = (), now: datetime
) -> Admitted:
    """Check that a person may open a route, which is there for those too who have to do what `opens_while` says.

    Raises:
        NotSignedIn: no live session has this token.
        ComesFirst: and the route is not the one where that is done.
        NotPermitted: the permission is not theirs.
    """
    staff = staff_queries.session(session, token=token, now=now) if token else None
    if staff is None:
        raise NotSignedIn
    if staff.awaits is not None and staff.awaits not in opens_while:
        raise ComesFirst(staff.awaits)
    scope = permitted(staff, needs=needs)
    return Admitted(staff=staff, scope=scope, is_stale=wants_touch(staff, now=now))


def permitted(staff: SignedInStaff, *, needs: Needs) -> Scope:
    """The scope of a permission for this person; raises NotPermitted when they do not hold it at all."""
    if isinstance(needs, Anyone):
        return NOWHERE
    if not holds(staff, needs):
        raise NotPermitted(staff.staff_id)
    return staff.scope(needs)


def require_within(scope: Scope, at: Node = NATION) -> None:
    """Raise OutOfReach unless the node (None = the whole country) lies within `scope`."""
    if not scope.covers(at):
        raise OutOfReach


def province_node(code: str | None) -> Node:
    """The province of a code as a browser sent it, None = the whole country; raises OutOfReach for an invalid code."""
    try:
        return NATION if code is None else province(code)
    except ValueError:
        raise OutOfReach from None


def area_node(path: str, *, within: Scope) -> Node:
    """The area of a path as a browser sent it; raises OutOfReach for an invalid one, and outside of `within`."""
    try:
        area = Node(path)
    except ValueError:
        raise OutOfReach from None
    require_within(within, area)
    return area


def holds(staff: SignedInStaff, permission: Permission) -> bool:
    """Whether the person holds the permission in any scope."""
    return bool(staff.scope(permission))
