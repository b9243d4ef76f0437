"""The refusals about an appointment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from desk.appointments.rules import AppointmentState
from desk.capacity.refusals import (
    NotBookable,
    NotOpenYet,
    PlaceIsDrawn,
    QuotaUsedUp,
    ServiceNotOffered,
    SlotPassed,
    SlotTaken,
    TooFarAhead,
)
from desk.refusals import Refusal

__all__ = [
    "AlreadyHasAppointment",
    "MemberRefused",
    "NameIsFixed",
    "NotBookable",
    "NotCancellable",
    "NotInThisChat",
    "NotOpenYet",
    "NotYours",
    "OneWithoutPaper",
    "PlaceIsDrawn",
    "QuotaUsedUp",
    "ServiceNotOffered",
    "SlotPassed",
    "SlotTaken",
    "TooFarAhead",
    "TooManyAppointments",
    "TooManyCancelled",
]


@dataclass(frozen=True)
class TooManyAppointments(Refusal):
    """This chat has as many live appointments as one chat may have."""

    most: int


@dataclass(frozen=True)
class OneWithoutPaper(Refusal):
    """For this service the chat has as many live appointments of people without a paper as one chat may have."""

    most: int


@dataclass(frozen=True)
class TooManyCancelled(Refusal):
    """This chat cancelled as many appointments as it may, and books none until then."""

    most: int
    until: datetime


@dataclass(frozen=True)
class AlreadyHasAppointment(Refusal):
    """This person already has a live appointment for this service in this chat; for no chat, in any."""

    appointment_id: int
    is_own_chat: bool
    """It was booked in the same chat, so it may be shown and changed here. Chats meet no other."""
    can_be_changed: bool = field(default=True, compare=False)
    """False once its time is over or the person has arrived: then the advice is to wait for the end of that day. Not
    part of the comparison of two refusals."""


@dataclass(frozen=True)
class MemberRefused(Refusal):
    """Of a household one cannot be booked, so nobody was."""

    person_id: int
    why: Refusal


@dataclass(frozen=True)
class NotInThisChat(Refusal):
    """The chat cannot book this; why is not told, since it would say that other chats have appointments of somebody."""

    service_id: int


@dataclass(frozen=True)
class NotYours(Refusal):
    """The appointment was not booked in this chat, or there is no such appointment."""

    appointment_id: int


@dataclass(frozen=True)
class NotCancellable(Refusal):
    """An appointment in this state can be neither cancelled nor moved."""

    appointment_id: int
    state: AppointmentState


@dataclass(frozen=True)
class NameIsFixed(Refusal):
    """Today is the day of the appointment: its name is no longer corrected in the chat."""

    appointment_id: int
