"""The plain rows of the catalogue, and the input of its actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from desk.catalogue.rules import Audience, PaperProvince, RecordState, ServiceChannel, kinds_read
from desk.language.text import Localised
from desk.people.rules import DocumentKind
from desk.values import Money


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A service in a list."""

    id: int
    code: str
    title: Localised
    short_title: Localised
    is_bookable: bool
    is_irreversible: bool
    channel: ServiceChannel | None
    paper_province: PaperProvince | None = None
    """Whether a paper of another province is served; None = not announced."""
    needs_slip: bool | None = None
    """Whether somebody from another province needs a travel slip; None = not announced."""
    travel_kinds: str = ""
    """The kinds of paper for which these two hold (`rules.kinds_written`)."""
    is_per_household: bool = False
    """Whether one visit serves a whole household."""

    def minds_province(self, kinds: Iterable[str]) -> bool:
        """Whether it matters for holders of these kinds of paper in which province the paper was given."""
        if not self.needs_slip and self.paper_province not in (PaperProvince.OWN, PaperProvince.REFUSED):
            return False
        held = kinds_read(self.travel_kinds)
        return any(kind != DocumentKind.NONE and (not held or kind in held) for kind in kinds)


@dataclass(frozen=True, slots=True)
class FeeRow:
    """A fee with its source; `province_code` None = the whole country, `confirmed_on` None = never confirmed."""

    id: int
    service_id: int
    province_code: str | None
    amount: Money
    per_person: bool | None
    valid_from: date
    valid_to: date | None
    source: Localised
    source_date: date | None
    confirmed_on: date | None
    entered_by: int | None
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper to bring as the original; `document_kind` None = everybody brings it."""

    id: int
    title: Localised
    note: Localised | None
    document_kind: DocumentKind | None
    is_optional: bool


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of a service."""

    id: int
    position: int
    title: Localised
    agency: Localised | None
    is_inquiry: bool


@dataclass(frozen=True, slots=True)
class ServiceCard:
    """Everything that is announced about a service; None or empty = not announced."""

    id: int
    code: str
    title: Localised
    short_title: Localised
    description: Localised | None
    channel: ServiceChannel | None
    agency: Localised | None
    who_must_come: Audience | None
    duration: Localised | None
    taken_at_counter: Localised | None
    objection: Localised | None
    is_bookable: bool
    days_ahead: int | None
    """How many days ahead applicants can book; None = all that are made."""
    opens_at: int | None
    """When a new day opens, in minutes after midnight at the office; None = at midnight."""
    asks_days_before: int | None
    """How many days before an appointment its person is asked whether they come; None = only the reminder asks."""
    is_per_household: bool
    """Whether one visit serves a whole household: the minutes at the counter count once for all of it."""
    paper_province: PaperProvince | None
    needs_slip: bool | None
    slip_from: Localised | None
    """Where a travel slip is given."""
    travel_kinds: str
    is_irreversible: bool
    is_published: bool
    official_form: Mapping[str, Any]
    state: RecordState
    source: Localised | None
    source_date: date | None
    confirmed_on: date | None
    review_due: date | None
    keywords: str
    position: int
    fee: FeeRow | None
    """The confirmed fee in force today, the province's own before the country's."""
    papers: tuple[PaperRow, ...]
    steps: tuple[StepRow, ...]


@dataclass(frozen=True, slots=True)
class OverdueRow:
    """A service whose record is due for its yearly review."""

    service: ServiceRow
    confirmed_on: date | None
    review_due: date


@dataclass(frozen=True, slots=True)
class ServiceFields:
    """What staff write about a service, apart from fees, papers and steps; None = not announced."""

    code: str
    title: Localised
    short_title: Localised
    description: Localised | None = None
    keywords: str = ""
    channel: ServiceChannel | None = None
    agency: Localised | None = None
    who_must_come: Audience | None = None
    duration: Localised | None = None
    taken_at_counter: Localised | None = None
    objection: Localised | None = None
    is_bookable: bool = False
    days_ahead: int | None = None
    opens_at: int | None = None
    asks_days_before: int | None = None
    is_per_household: bool = False
    paper_province: PaperProvince | None = None
    needs_slip: bool | None = None
    slip_from: Localised | None = None
    travel_kinds: str = ""
    is_irreversible: bool = False
    is_published: bool = True
    position: int = 100
    official_form: Mapping[str, Any] = field(default_factory=dict)
    state: RecordState = RecordState.DRAFT
    source: Localised | None = None
    source_date: date | None = None
    confirmed_on: date | None = None
    review_due: date | None = None


@dataclass(frozen=True, slots=True)
class PaperInput:
    """A paper as staff enter it; `id` None = a new one, or the present one with the same title."""

    title: Localised
    note: Localised | None = None
    document_kind: DocumentKind | None = None
    is_optional: bool = False
    id: int | None = None


@dataclass(frozen=True, slots=True)
class StepInput:
    """A step as staff enter it; `id` as with papers."""

    title: Localised
    agency: Localised | None = None
    is_inquiry: bool = False
    id: int | None = None
