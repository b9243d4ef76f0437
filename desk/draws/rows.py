"""The plain rows of draws: their rules, what is announced, and what a request reads of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from desk.draws.rules import PUBLISHED, WORD_WITHIN, DrawState


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawRules:
    """How a service is drawn in a province."""

    publish_at: int = 18 * 60
    """The published hour, in minutes after midnight."""
    days_ahead: int = 7
    """So many days before the first day of its places a draw is held."""
    confirm_minutes: int = 24 * 60
    """How long there is to confirm, from when the message arrived; hours of the night do not count."""
    priority_share: int = 20
    """The percent of the places that go to requests with a priority class first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRow:
    """Whether a service is drawn in a province, by which rules, and why; `evidence` was beside it when it was saved."""

    service_id: int
    province_code: str
    is_drawn: bool
    rules: DrawRules
    reason: str
    evidence: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawPlan:
    """What is typed to prepare a draw."""

    service_id: int
    province_code: str
    first_day: date
    last_day: date
    closes_at: datetime
    """When the list closes: before the figure exists."""
    figure_name: str
    """What the public figure is, and of which day."""
    figure_digits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawRow:
    """A draw as everybody may read it."""

    id: int
    service_id: int
    province_code: str
    name: str
    """Service, province and days, as the file says it."""
    first_day: date
    last_day: date
    state: DrawState
    closes_at: datetime
    drawn_at: datetime
    """The published hour."""
    figure_name: str
    figure_digits: int
    confirm_minutes: int
    priority_share: int
    system_hash: str
    word_hash: str | None
    word: str | None
    """The word as it was revealed."""
    figure: str | None
    """The figure on which two people agreed."""
    prepared_by: int | None
    word_by: int | None
    announced_at: datetime | None
    frozen_at: datetime | None
    frozen_hash: str | None
    listed: int
    """How many requests the list holds; 0 before it is closed."""
    places: int
    done: int
    """How many requests have been drawn so far."""
    published_at: datetime | None

    @property
    def is_published(self) -> bool:
        """Whether the result is visible."""
        return self.state in PUBLISHED

    @property
    def word_until(self) -> datetime:
        """Until when the word can be revealed."""
        return self.drawn_at + WORD_WITHIN

    def is_word_left_out(self, *, now: datetime) -> bool:
        """Whether the word was not revealed in time."""
        return self.word is None and (now >= self.word_until or self.is_published)


@dataclass(frozen=True, slots=True)
class WhereRow:
    """What became of one request in a draw."""

    public_id: str
    request_id: int
    lots: int
    position: int | None
    """Its place in the drawn order, from 1; None before the result is visible."""
    is_drawn: bool
    """It was drawn a place."""
    is_taken_away: bool
    """It was, and the office took the place away before it could be offered."""
    is_next: bool
    """It has no place, and is still asked where somebody before it does not confirm."""


@dataclass(frozen=True, slots=True)
class UnreachedWinner:
    """A request that was drawn a place at an office, and whose message has not arrived."""

    offer_id: int
    public_id: str
    draw_id: int
    starts_at: datetime
    deliver_by: datetime
    people: int


LONGEST_REASON = 300
LONGEST_FIGURE_NAME = 120
SHORTEST_CONFIRM = timedelta(hours=1)
