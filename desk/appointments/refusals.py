"""What the desk may refuse about a turn."""

from __future__ import annotations

from dataclasses import dataclass, field

from desk.appointments.rules import State
from desk.capacity.refusals import SlotPassed, SlotTaken
from desk.refusals import Refusal

__all__ = [
    "AlreadyHasTurn",
    "NotBookable",
    "NotCancellable",
    "NotYours",
    "ServiceNotOffered",
    "SlotPassed",
    "SlotTaken",
]


@dataclass(frozen=True)
class AlreadyHasTurn(Refusal):
    """This person already has a live turn for this service, at whichever office and in whichever messenger."""

    appointment_id: int
    is_own_chat: bool
    """The turn was booked in the same chat, so it may be shown and changed here; otherwise nothing is told of it."""
    can_be_changed: bool = field(default=True, compare=False)
    """False once its time is over or the person has arrived: no other turn before that day is over. It is the same
    refusal either way; only the advice differs."""


@dataclass(frozen=True)
class NotBookable(Refusal):
    """The service is information only, or it cannot be undone; no turn exists for it (product point 8)."""

    service_id: int


@dataclass(frozen=True)
class ServiceNotOffered(Refusal):
    """The queue of this time does not serve this service, or its office is out of use."""

    service_id: int
    slot_id: int


@dataclass(frozen=True)
class NotYours(Refusal):
    """The turn was not booked in this chat, or there is no such turn."""

    appointment_id: int


@dataclass(frozen=True)
class NotCancellable(Refusal):
    """In its present state the turn can be neither cancelled nor moved."""

    appointment_id: int
    state: State
