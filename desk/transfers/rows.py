"""A transfer as the earlier and the later chat see it, and what shows whose the appointments are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from desk.appointments.rows import AppointmentRow
from desk.appointments.rules import AppointmentState
from desk.transfers.rules import KeptOfTwo, TransferState, TransferWay


@dataclass(frozen=True, slots=True)
class TransferRow:
    """A transfer; it names neither chat to the other."""

    id: int
    way: TransferWay
    state: TransferState
    until: datetime
    """Until when the earlier chat can stop it, where the way was the word."""
    appointments: int
    """The number of appointments that went over."""
    cases: int
    """The number of complaints and questions that went over."""


class Brought(NamedTuple):
    """A transfer that was just made."""

    id: int
    until: datetime
    """Until when it can be stopped."""


@dataclass(frozen=True, slots=True)
class WhatComes:
    """What would come over, as counts."""

    appointments: int
    people: int
    cases: int


class Twice(NamedTuple):
    """Two appointments for one person and service, after a transfer of which the earlier chat says «not me»."""

    before: AppointmentRow
    """Which went over."""
    since: AppointmentRow
    """Which the earlier chat has booked since."""

    @property
    def is_asked(self) -> bool:
        """Whether the person chooses; the one with which they have arrived stays, since nobody can give it back."""
        return self.since.state is AppointmentState.BOOKED

    def given_up(self, keep: KeptOfTwo | None) -> AppointmentRow:
        """The one that ends when the person wants to keep this one."""
        return self.since if self.is_asked and keep is KeptOfTwo.BEFORE else self.before


class Proof(NamedTuple):
    """The appointments that were shown to be somebody's."""

    source: int
    """The conversation that has them now."""
    appointment: int
    word_hash: str = ""
    """The stored hash of the word by which it was shown; empty over the counter."""
