"""What the desk may refuse about an appointment."""

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
    """This person already has a live appointment for this service, at whichever office and in whichever messenger."""

    appointment_id: int
    is_own_chat: bool
    """The appointment was booked in the same chat, so it may be shown and changed here; otherwise nothing is told of
    it."""
    can_be_changed: bool = field(default=True, compare=False)
    """False once its time is over or the person has arrived: no other appointment before that day is over. It is the
    same refusal either way; only the advice differs."""


@dataclass(frozen=True)
class NotYours(Refusal):
    """The appointment was not booked in this chat, or there is no such appointment."""

    appointment_id: int


@dataclass(frozen=True)
class NotCancellable(Refusal):
    """In its present state the appointment can be neither cancelled nor moved."""

    appointment_id: int
    state: State
