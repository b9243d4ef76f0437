"""What the desk may refuse about a turn."""

from __future__ import annotations

from dataclasses import dataclass, field

from desk.appointments.rules import State
from desk.capacity.refusals import NotBookable, ServiceNotOffered, SlotPassed, SlotTaken, TooFarAhead
from desk.refusals import Refusal

__all__ = [
    "AlreadyHasAppointment",
    "NotBookable",
    "NotCancellable",
    "NotYours",
    "ServiceNotOffered",
    "SlotPassed",
    "SlotTaken",
    "TooFarAhead",
]


@dataclass(frozen=True)
class AlreadyHasAppointment(Refusal):
    """This person already has a live turn for this service, at whichever office and in whichever messenger."""

    appointment_id: int
    is_own_chat: bool
    """The turn was booked in the same chat, so it may be shown and changed here; otherwise nothing is told of it."""
    can_be_changed: bool = field(default=True, compare=False)
    """False once its time is over or the person has arrived: no other turn before that day is over. It is the same
    refusal either way; only the advice differs."""


@dataclass(frozen=True)
class NotYours(Refusal):
    """The turn was not booked in this chat, or there is no such turn."""

    appointment_id: int


@dataclass(frozen=True)
class NotCancellable(Refusal):
    """In its present state the turn can be neither cancelled nor moved."""

    appointment_id: int
    state: State
