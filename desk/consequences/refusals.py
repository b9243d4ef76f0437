"""The refusal of a change that affects people."""

from __future__ import annotations

from dataclasses import dataclass

from desk.consequences.hit import HitAppointment
from desk.refusals import Refusal


@dataclass(frozen=True)
class PeopleAreHit(Refusal):
    """The change affects appointments, and staff have not decided about exactly these. Nothing was saved."""

    hit: tuple[HitAppointment, ...]
    is_other: bool
    """Staff decided, but other appointments are affected by now: people booked or cancelled meanwhile."""
