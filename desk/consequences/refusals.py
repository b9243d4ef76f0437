"""Why a change is not made yet."""

from __future__ import annotations

from dataclasses import dataclass

from desk.consequences.hit import HitAppointment
from desk.refusals import Refusal


@dataclass(frozen=True)
class PeopleAreHit(Refusal):
    """The change would take time from people, and nobody has decided about these very people yet. Nothing was saved."""

    hit: tuple[HitAppointment, ...]
    is_other: bool
    """Somebody decided, but other people are hit by now: they booked or cancelled meanwhile."""
