"""The states in which an office gives a service, what may follow on each, and on which rules one may rest."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

LONGEST_RULE = 200
LONGEST_WHY = 400


class GivingState(StrEnum):
    """How it stands with a service of an office."""

    ACTIVE = "active"
    WARNED = "warned"
    """The service is given; the office was told in writing what has to become better."""
    SUSPENDED = "suspended"
    RESTORED = "restored"
    """The service is given again after a suspension."""
    ENDED = "ended"


class LegalBasis(StrEnum):
    """The text that a state rests on."""

    ANNOUNCEMENT = "announcement"
    """Announcement 4 of the association of counter offices."""
    DIRECTIVE = "directive"
    """A directive of the directorate."""
    BY_LAW = "by_law"
    """The by-law of principles that govern counter offices."""
    REQUEST = "request"
    """The office itself asked for it."""


WITHHELD: Final = frozenset({GivingState.SUSPENDED, GivingState.ENDED})
"""In these nobody can book the service there."""

MAY_FOLLOW: Final[Mapping[GivingState, tuple[GivingState, ...]]] = {
    GivingState.ACTIVE: (GivingState.WARNED, GivingState.SUSPENDED, GivingState.ENDED),
    GivingState.WARNED: (GivingState.ACTIVE, GivingState.WARNED, GivingState.SUSPENDED, GivingState.ENDED),
    GivingState.SUSPENDED: (GivingState.RESTORED, GivingState.SUSPENDED, GivingState.ENDED),
    GivingState.RESTORED: (GivingState.WARNED, GivingState.SUSPENDED, GivingState.ENDED),
    GivingState.ENDED: (GivingState.ACTIVE,),
}
"""What somebody may enter next. Nothing follows by time alone."""

HAS_A_TERM: Final = frozenset({GivingState.WARNED, GivingState.SUSPENDED})
"""These may name a day by which somebody looks at them again."""
