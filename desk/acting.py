"""Who acts: a chat, a member of staff or the system itself, what they may do, and how far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from desk.organisation import EVERYWHERE, NOWHERE, Node, Scope
from desk.refusals import Refusal


class Permission(StrEnum):
    """`resource:action`, in alphabetical order. Which role holds which: `desk.staff.permissions`."""

    APPOINTMENTS_READ = "appointments:read"
    APPOINTMENTS_RECORD = "appointments:record"
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
    STAFF_READ = "staff:read"
    STAFF_WRITE = "staff:write"


@dataclass(frozen=True)
class OutOfReach(Refusal):
    """The acting person may not do this there, or there is no such thing: which of the two is nobody's business."""

    permission: Permission | None = None
    at: str | None = None
    """The path of the node that was asked about."""


NOTHING: Mapping[Permission, Scope] = MappingProxyType({})
"""What a chat may do by permissions, and staff without a role."""


class ActorKind(StrEnum):
    """What kind of actor it is."""

    CHAT = "chat"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something. Made by `Actor.chat`, `Actor.staff`, or `SYSTEM`.

    A chat acts for the person behind it and holds no permission: what is theirs is found by `conversation_id`. Staff
    hold permissions, each as far as its scope reaches. The system (jobs, the command line, the seed) may do anything.
    """

    kind: ActorKind
    id: int | None = None
    """Of the conversation or the member of staff; the system has none."""
    grants: Mapping[Permission, Scope] = field(default_factory=lambda: NOTHING, hash=False, repr=False)

    @classmethod
    def chat(cls, conversation_id: int | None) -> Actor:
        """The person in this chat; None = somebody who only shows a code, in whatever chat."""
        return cls(ActorKind.CHAT, conversation_id)

    @classmethod
    def staff(cls, staff_id: int, grants: Mapping[Permission, Scope]) -> Actor:
        """A member of staff with what they may do."""
        return cls(ActorKind.STAFF, staff_id, MappingProxyType(dict(grants)))

    @property
    def conversation_id(self) -> int | None:
        """The chat; None where it is none."""
        return self.id if self.kind is ActorKind.CHAT else None

    @property
    def staff_id(self) -> int | None:
        """The member of staff; None where it is none."""
        return self.id if self.kind is ActorKind.STAFF else None

    @property
    def is_chat(self) -> bool:
        """Whether it is a person in a chat."""
        return self.kind is ActorKind.CHAT

    @property
    def is_system(self) -> bool:
        """Whether it is the system itself."""
        return self.kind is ActorKind.SYSTEM

    def scope(self, permission: Permission) -> Scope:
        """How far they hold the permission; an empty scope (false) where they do not."""
        return EVERYWHERE if self.is_system else self.grants.get(permission, NOWHERE)

    def may(self, permission: Permission, *, at: Node) -> bool:
        """Whether they hold the permission there."""
        return self.scope(permission).covers(at)

    def require(self, permission: Permission, *, at: Node) -> None:
        """Let the actor pass who holds the permission there.

        Raises:
            OutOfReach: they do not.
        """
        if not self.may(permission, at=at):
            raise OutOfReach(permission, at.path)


SYSTEM = Actor(ActorKind.SYSTEM)
"""The system itself: its jobs, its command line, its seed."""
