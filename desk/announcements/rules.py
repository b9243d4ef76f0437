"""What of a service may be unknown, how many announcements a chat may wait for, and for how long."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from desk.outbox.rules import NoticeKind

if TYPE_CHECKING:
    from desk.catalogue.rows import ServiceCard

MOST_WISHES: Final = 20
"""The services of which a chat may want to be told at the same time."""
KEPT: Final = timedelta(days=365)
"""How long a wish waits for its announcement; then it is deleted."""
SETTLES: Final = timedelta(hours=1)
"""How long something has to stand announced before it is told: fee, papers and steps are saved one after the other, and
one message tells all of them."""


class AnnouncementNotice(NoticeKind):
    """The message that something is announced."""

    ANNOUNCED = "announced"


class Announceable(StrEnum):
    """What of a service may be unknown today and announced later; no value is part of another."""

    FEE = "fee"
    PAPERS = "papers"
    STEPS = "steps"
    DURATION = "duration"
    OBJECTION = "objection"
    """Where to object, of a service that cannot be undone."""
    OFFICE = "office"
    """An office that gives appointments for it."""


LONGEST_UNKNOWN: Final = len(",".join(Announceable))


def unknown_of(shown: ServiceCard, *, is_offered: bool) -> tuple[Announceable, ...]:
    """What is not announced of a service; `is_offered` = some office gives appointments for it."""
    is_known = {
        Announceable.FEE: shown.fee is not None,
        Announceable.PAPERS: bool(shown.papers),
        Announceable.STEPS: bool(shown.steps),
        Announceable.DURATION: bool(shown.duration),
        Announceable.OBJECTION: bool(shown.objection) or not shown.is_irreversible,
        Announceable.OFFICE: is_offered or not shown.is_bookable,
    }
    return tuple(each for each, known in is_known.items() if not known)


def written(unknown: Iterable[Announceable]) -> str:
    """What is unknown, as it is stored."""
    wanted = set(unknown)
    return ",".join(each for each in Announceable if each in wanted)


def read(stored: str) -> tuple[Announceable, ...]:
    """What `written` wrote."""
    return tuple(Announceable(each) for each in stored.split(",") if each)
