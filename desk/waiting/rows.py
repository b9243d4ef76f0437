"""The plain rows of standing requests, of their line, and of offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from desk.catalogue.rows import ServiceRow
from desk.language.text import Localised
from desk.offices.rows import OfficeRow
from desk.waiting.offer_rules import FreedOutcome, answer_until
from desk.waiting.rules import LIVE_REQUESTS, DayPart, OfferState, RequestState


@dataclass(frozen=True, slots=True)
class StandingWish:
    """When and where an appointment is wished: each day and start has to meet all of it, at one of the places."""

    weekdays: frozenset[int]
    """Saturday = 0 … Friday = 6."""
    parts: frozenset[DayPart]
    from_day: date
    until_day: date
    """The last day, by the clock of the office."""
    office_ids: tuple[int, ...] = ()
    province_codes: tuple[str, ...] = ()
    """Any office of these provinces."""


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A standing request as its chat sees it."""

    id: int
    public_id: str
    """The signs of a `PublicId`, which names the request to everybody and tells nothing of it."""
    service: ServiceRow
    state: RequestState
    since: datetime
    wish: StandingWish
    offices: tuple[OfficeRow, ...]
    """Those of `wish.office_ids`."""
    person_ids: tuple[int, ...]
    """Empty once it is over."""
    lapses: int
    """How many offers in a row got no answer."""
    days_more: int
    """How many days of waiting a priority class counts more."""

    @property
    def is_live(self) -> bool:
        """Whether it still waits, or will when the person says so."""
        return self.state in LIVE_REQUESTS


@dataclass(frozen=True, slots=True)
class LineNow:
    """What is true of the line of a request at this moment."""

    others: int
    """The other requests that wait for the same service at one of the same places."""
    ahead: int
    """Those of them that are before it."""
    usual_days: tuple[int, int] | None
    """Between how many days half of those waited who got a place there lately; None = too few did."""


@dataclass(frozen=True, slots=True)
class RequestMade:
    """A standing request that was made; `is_repeat` = an earlier message with the same key made it."""

    request_id: int
    public_id: str
    is_repeat: bool


@dataclass(frozen=True, slots=True)
class PriorityClassRow:
    """A priority class of the directorate; `days` of waiting are counted in addition."""

    id: int
    code: str
    name: Localised
    days: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer as its chat sees it."""

    id: int
    request_id: int
    state: OfferState
    service: ServiceRow
    office: OfficeRow
    slot_ids: tuple[int, ...]
    """A place of each, in the order of the people; one slot may stand here twice."""
    starts_at: datetime
    """The first start."""
    day: date
    zone: str
    made_at: datetime
    delivered_at: datetime | None
    ends_at: datetime | None
    is_round: bool
    """Several are asked, and the first to accept has it."""
    person_ids: tuple[int, ...]
    """Empty once the request is over."""
    draw_id: int | None = None
    """The draw that was won; None = it is offered by the place in the line."""
    answer_minutes: int | None = None

    @property
    def is_live(self) -> bool:
        """Whether it can still be answered, as far as its state says."""
        return self.state is OfferState.SENT

    def can_be_answered(self, now: datetime) -> bool:
        """Whether it is live and its time is not over; the job that ends it comes some seconds later."""
        return self.is_live and (self.ends_at is None or now < self.ends_at)

    def until(self, now: datetime) -> datetime:
        """Until when it can be accepted; before it is delivered, as if it were delivered now."""
        return self.ends_at or answer_until(
            now, made_at=self.made_at, starts_at=self.starts_at, zone=self.zone, minutes=self.answer_minutes
        )


@dataclass(frozen=True, slots=True)
class Accepted:
    """The appointments of an accepted offer; `is_repeat` = it was accepted before."""

    appointment_ids: tuple[int, ...]
    was_moved: bool
    """The person held an appointment, which has the new time now."""
    is_repeat: bool


@dataclass(frozen=True, slots=True)
class FreedPlaceRow:
    """What became of a place that was kept, for the staff of its office: ids and counts, and nobody's name."""

    slot_id: int
    starts_at: datetime
    at: datetime
    outcome: FreedOutcome
    offers: tuple[tuple[int, OfferState], ...]
    """The requests that it was offered to, and what became of that."""
    others: Mapping[str, int]
    """How many others were not offered it, by `NoOffer`."""
