"""The actor of an action: a chat, a member of staff or the system, with the permissions it holds and their scopes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from desk.organisation import EVERYWHERE, NOWHERE, Node, Scope
from desk.refusals import Refusal


class Permission(StrEnum):
    """`resource:action`, in alphabetical order. Which role holds which: `desk.staff.permissions`."""

    APPOINTMENTS_BOOK = "appointments:book"
    APPOINTMENTS_NAMES = "appointments:names"
    APPOINTMENTS_PLAN = "appointments:plan"
    APPOINTMENTS_READ = "appointments:read"
    APPOINTMENTS_RECORD = "appointments:record"
    APPOINTMENTS_WALK_IN = "appointments:walk_in"
    CAPACITY_READ = "capacity:read"
    CAPACITY_WRITE = "capacity:write"
    CASES_ANSWER = "cases:answer"
    CASES_ASSIGN = "cases:assign"
    CASES_READ = "cases:read"
    CATALOGUE_READ = "catalogue:read"
    CATALOGUE_WRITE = "catalogue:write"
    HISTORY_READ = "history:read"
    MESSAGES_READ = "messages:read"
    OFFICES_READ = "offices:read"
    OFFICES_WRITE = "offices:write"
    SIGNS_REVIEW = "signs:review"
    STAFF_READ = "staff:read"
    STAFF_WRITE = "staff:write"


@dataclass(frozen=True)
class OutOfReach(Refusal):
    """The actor may not do this at this place, or the object does not exist; the refusal does not say which of the
    two."""

    permission: Permission | None = None
    at: str | None = None
    """The path of the node for which the permission was asked."""


NOTHING: Mapping[Permission, Scope] = MappingProxyType({})
"""The permissions of a chat, and of staff without a role: none."""


class ActorKind(StrEnum):
    """The three kinds of actor."""

    CHAT = "chat"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """The actor of an action, made by `Actor.chat`, `Actor.staff`, or `SYSTEM`.

    A chat acts for the person behind it and holds no permission: what is theirs is found by `conversation_id`. Staff
    hold permissions, each as far as its scope reaches. The system (jobs, the command line, the seed) may do anything.
    """

    kind: ActorKind
    conversation_id: int | None = None
    """The conversation's id; None for staff and for the system."""
    staff_id: int | None = None
    """The id of the member of staff; None for a chat and for the system."""
    grants: Mapping[Permission, Scope] = field(default_factory=dict, hash=False, repr=False)

    @classmethod
    def chat(cls, conversation_id: int | None) -> Actor:
        """The person in this chat; None = a person known only by a tracking code, in any chat."""
        return cls(ActorKind.CHAT, conversation_id=conversation_id)

    @classmethod
    def staff(cls, staff_id: int, grants: Mapping[Permission, Scope]) -> Actor:
        """A member of staff with the permissions they hold."""
        return cls(ActorKind.STAFF, staff_id=staff_id, grants=MappingProxyType(dict(grants)))

    @property
    def is_chat(self) -> bool:
        """Whether it is a person in a chat."""
        return self.kind is ActorKind.CHAT

    @property
    def is_system(self) -> bool:
        """Whether it is the system itself."""
        return self.kind is ActorKind.SYSTEM

    def scope(self, permission: Permission) -> Scope:
        """The scope of the permission; an empty scope (false) where it is not held."""
        return EVERYWHERE if self.is_system else self.grants.get(permission, NOWHERE)

    def may(self, permission: Permission, *, at: Node) -> bool:
        """Whether the actor holds the permission at this node."""
        return self.scope(permission).covers(at)

    def require(self, permission: Permission, *, at: Node) -> None:
        """Check that the actor holds the permission at this node.

        Raises:
            OutOfReach: it does not.
        """
        if not self.may(permission, at=at):
            raise OutOfReach(permission, at.path)


SYSTEM = Actor(ActorKind.SYSTEM)
"""The system as actor: jobs, the command line and the seed."""
