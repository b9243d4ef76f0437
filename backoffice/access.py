"""Who is asking, whether the route's permission is theirs, and whether an object lies within their reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from desk.acting import OutOfReach
from desk.organisation import NATION, NOWHERE, Node, Scope, province
from desk.staff import queries as staff_queries
from desk.staff.permissions import Permission
from desk.staff.queries import SignedInStaff
from desk.staff.sign_in import wants_touch
from desk.storage.base import ReadSession


class Anyone(Enum):
    """What a route may ask for instead of a permission."""

    SIGNED_IN = "signed_in"
    """Any member of staff, such as for the own account."""
    PUBLIC = "public"
    """Everybody: such a page knows no session, sets no cookie and shows nobody."""


Needs = Permission | Anyone


class NotSignedIn(Exception):
    """There is no session, or it has ended; `written` is a reply in the form that found this out."""

    def __init__(self, *, written: str | None = None) -> None:
        super().__init__()
        self.written = written


class MustChangePassword(Exception):
    """The account was given a password by somebody else; nothing opens before it has its own."""


class NotPermitted(Exception):
    """The person does not hold the route's permission anywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """A person who may enter a route, and how far its permission reaches for them."""

    staff: SignedInStaff
    scope: Scope
    is_stale: bool
    """The session's last sign of life should be written down."""


def admit(session: ReadSession, *, token: str | None, needs: Needs, may_keep_password: bool, now: datetime) -> Admitted:
    """Let a person into a route.

    Raises:
        NotSignedIn: no live session has this token.
        MustChangePassword: and the route is not the one where that is done.
        NotPermitted: the permission is not theirs.
    """
    staff = staff_queries.session(session, token=token, now=now) if token else None
    if staff is None:
        raise NotSignedIn
    if staff.must_change_password and not may_keep_password:
        raise MustChangePassword
    scope = permitted(staff, needs=needs)
    return Admitted(staff=staff, scope=scope, is_stale=wants_touch(staff, now=now))


def permitted(staff: SignedInStaff, *, needs: Needs) -> Scope:
    """The reach of a permission for this person; raises NotPermitted when they do not hold it at all."""
    if isinstance(needs, Anyone):
        return NOWHERE
    if not holds(staff, needs):
        raise NotPermitted
    return staff.scope(needs)


def require_within(scope: Scope, at: Node = NATION) -> None:
    """Raise OutOfReach unless the node (the whole country, where none is named) lies within `scope`."""
    if not scope.covers(at):
        raise OutOfReach


def province_node(code: str | None) -> Node:
    """The province of a code as a browser sent it, None = the whole country; raises OutOfReach for what is none."""
    try:
        return NATION if code is None else province(code)
    except ValueError:
        raise OutOfReach from None


def holds(staff: SignedInStaff, permission: Permission) -> bool:
    """Whether the person holds the permission anywhere."""
    return bool(staff.scope(permission))
