"""The plain rows of changes, affected offices, and people with what reached them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from desk.appointments.rules import ProposalState
from desk.codes import TrackingCode
from desk.consequences.rules import ChangeKind, Progress, Reached, Remedy, Way
from desk.events.shown import ShowsSomebody
from desk.language.text import Localised
from desk.organisation import Node, office


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """A change that affected appointments."""

    id: int
    kind: ChangeKind
    subject: str
    detail: dict[str, Any]
    reason: str
    at: datetime
    of: Localised | None = None
    """The name of the changed queue, office, service or province; None for a holiday, the country, many offices."""

    @property
    def days(self) -> tuple[date, ...]:
        """The days of which it is: none, one, or the first and the last."""
        named = (self.detail.get(name) for name in ("day", "until"))
        return tuple(sorted({date.fromisoformat(day) for day in named if day}))

    @property
    def is_closing(self) -> bool:
        """Whether hours or days of several queues or days were closed at once."""
        return "until" in self.detail

    @property
    def is_of_many_offices(self) -> bool:
        """Whether offices of a list were chosen, neither one place nor the country."""
        return self.subject == "offices"


@dataclass(frozen=True, slots=True)
class StillToTell:
    """An office with people whom no message reached and nobody has told yet."""

    office_id: int
    office_name: Localised
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeTally:
    """How many people of one office were reached and how many were not."""

    office_id: int
    office_name: Localised
    area: str
    """The path of the area of the office."""
    told: int
    on_the_way: int
    not_reached: int
    not_needed: int
    undecided: int
    """Those among the unreached about whom nobody has decided yet."""

    @property
    def node(self) -> Node:
        """Where the office stands in the organisation."""
        return office(self.office_id, area=self.area)

    @property
    def total(self) -> int:
        """The number of affected appointments of the office."""
        return self.told + self.on_the_way + self.not_reached + self.not_needed


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRow(ShowsSomebody):
    """One affected person; the name is None after erasure."""

    id: int
    change_id: int
    kind: ChangeKind
    appointment_id: int
    office_id: int
    person_name: str | None
    code: TrackingCode
    service: Localised
    was: datetime
    zone: str
    now_at: datetime
    """The present time of the appointment."""
    now_office: Localised
    is_elsewhere: bool
    remedy: Remedy | None
    step: Progress
    reached: Reached
    reason: str | None
    """Why the messenger refused the message."""
    has_chat: bool
    told_way: Way | None
    agreed_at: datetime | None
    proposal: ProposalState | None
    """What became of the last time that was proposed for it; None = none was."""
    is_named: bool = True
    """False = its day lies outside the days whose names the reader sees, and the name is left out."""

    @property
    def shows(self) -> str:
        return f"appointment:{self.appointment_id}"
