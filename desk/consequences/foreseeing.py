"""Finds what a change of hours would do, by making it and taking it back: nothing is estimated, and nothing stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from desk.acting import Actor
from desk.capacity.next_free import ServiceHere, days_to_next_free
from desk.consequences.actions import IntendedChange, require_changes
from desk.consequences.hit import HitAppointment, before, newly
from desk.storage.base import WriteSession


@dataclass(eq=False)
class Foreseen(Exception):
    """What the change would do; raised, so that the transaction that made it is rolled back."""

    hit: tuple[HitAppointment, ...]
    """The appointments that would lose their time or place."""
    days: Mapping[ServiceHere, tuple[int | None, int | None]]
    """Days to the next free place of each service, before and after; None = none in the booking window."""


def foresee(
    session: WriteSession, *, intended: IntendedChange[Any], queue_ids: Sequence[int], actor: Actor, now: datetime
) -> NoReturn:
    """Make the change and raise `Foreseen`, by which the transaction is rolled back.

    Raises OutOfReach, and whatever the change itself raises.
    """
    require_changes(session, intended, actor=actor)
    days = days_to_next_free(session, queue_ids=queue_ids, now=now)
    was = before(session, reach=intended.reach, now=now)
    intended.act(session)
    session.flush()
    hit = newly(session, was=was, reach=intended.reach, now=now)
    after = days_to_next_free(session, queue_ids=queue_ids, now=now)
    raise Foreseen(hit=hit, days={here: (days.get(here), after.get(here)) for here in sorted({*days, *after})})
