"""The refusals about slots and opening hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from desk.capacity.rules import AtRange, Doubt, RangeFault
from desk.capacity.status_rules import GivingState
from desk.refusals import Refusal


@dataclass(frozen=True)
class SlotTaken(Refusal):
    """The last place at this time was taken by somebody else, or the time was closed."""

    slot_id: int


@dataclass(frozen=True)
class SlotPassed(Refusal):
    """The time already lies in the past."""

    slot_id: int


@dataclass(frozen=True)
class HoursOutOfOrder(Refusal):
    """The hours, dates, counters or minutes per person are not valid together."""

    field: str
    number: int = 0
    """Which of several hours of a day, from 0."""


@dataclass(frozen=True)
class HoursOverlap(Refusal):
    """Another opening rule of the queue covers the same weekday, hours and dates: its places would count twice."""

    rule_id: int


@dataclass(frozen=True)
class WeekOutOfOrder(Refusal):
    """Hours of the week end before they begin, overlap, or are too short for one person."""

    at: tuple[tuple[AtRange, RangeFault], ...]


@dataclass(frozen=True)
class OtherHoursPlanned(Refusal):
    """Other hours of the queue are planned from a later day on, which a whole week would change in passing."""

    queue_id: int
    day: date


@dataclass(frozen=True)
class SharesOutOfOrder(Refusal):
    """The shares of a queue are not between none and all of its places, or the hours cannot hold."""

    field: str


@dataclass(frozen=True)
class QuotaOutOfOrder(Refusal):
    """The number of people a day is not between one and `most`."""

    service_id: int
    most: int


@dataclass(frozen=True)
class NotPlausible(Refusal):
    """The hours are possible but probably a mistake: too many places, or unusual times. Confirmed by staff, they
    hold."""

    places: int
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True)
class TooFarAhead(Refusal):
    """The slot lies beyond the booking window."""

    slot_id: int


@dataclass(frozen=True)
class NotOpenYet(Refusal):
    """The day opens for this service only then, by the clock of `zone`."""

    slot_id: int
    opens: datetime
    zone: str


@dataclass(frozen=True)
class MoreDaysThanService(Refusal):
    """The office wants to open more days ahead than the service opens."""

    most: int


@dataclass(frozen=True)
class PlaceIsDrawn(Refusal):
    """Places of that day are drawn among those who ask for this service there: nobody books one by looking."""

    slot_id: int
    service_id: int


@dataclass(frozen=True)
class QuotaUsedUp(Refusal):
    """Of that day the queue has taken as many people for this service as its quota allows; others still find places."""

    slot_id: int
    service_id: int


@dataclass(frozen=True)
class NotBookable(Refusal):
    """The service is information only, or its effect cannot be undone: it has no appointments."""

    service_id: int


@dataclass(frozen=True)
class ServiceNotOffered(Refusal):
    """The queue of this time does not serve this service, or it or its office is out of use."""

    service_id: int
    slot_id: int


@dataclass(frozen=True)
class DoesNotFollow(Refusal):
    """This state cannot come after the present one: a service that is given cannot be restored."""

    state: GivingState
    wanted: GivingState


@dataclass(frozen=True)
class TermPassed(Refusal):
    """The day by which somebody looks at it again lies in the past, or the state has no such day."""

    day: date


@dataclass(frozen=True)
class NotGivenThere(Refusal):
    """No queue of the office was ever given this service."""

    service_id: int


@dataclass(frozen=True)
class HoursNeedApproval(Refusal):
    """Where approval is needed, an office changes its weekly hours only by a worksheet that is approved."""

    office_id: int
