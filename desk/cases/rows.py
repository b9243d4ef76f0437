"""A case as the person sees it, as staff see it in the inbox, and its thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from desk.cases.rules import CaseKind, CloseReason, Contact, EntryKind, State
from desk.codes import TrackingCode
from desk.deadlines.rows import Due
from desk.events.shown import ShowsSomebody
from desk.language.text import Localised
from desk.outbox.rows import Delivery
from desk.values import Money


@dataclass(frozen=True, slots=True)
class CaseRow(ShowsSomebody):
    """A case without anything that leads to a chat. `name` is None unless the person chose to be named."""

    id: int
    code: TrackingCode
    kind: CaseKind
    category: str
    severity: int
    state: State
    close_reason: CloseReason | None
    contact: Contact
    name: str | None
    can_be_told: bool
    """Whether a reply reaches the person; if not, they come and ask by the code."""
    locale: str
    office_id: int | None
    office_code: str | None
    office_name: Localised | None
    office_province_code: str | None
    handler_office_id: int | None
    handler_province_code: str | None
    service_id: int | None
    happened_on: date | None
    paid: Money | None
    facts: Mapping[str, str]
    """What else was answered, by the codes of `cases.facts`, in the order of asking."""
    assigned_to: int | None
    assigned_name: str | None
    due: Due | None
    """The answer that is promised next, or was last; None = never promised (praise, suggestion)."""
    reopen_until: datetime | None
    """Until when the person may open it again; None while it is not closed."""
    answered_at: datetime | None
    """When the first answer was given."""
    created_at: datetime
    opened_at: datetime
    """When it was filed or last opened again; what is due was promised then."""
    state_at: datetime
    """Since when it has been in its state."""
    closed_at: datetime | None
    changed_at: datetime
    """When the last line of the thread that the person may read was written."""

    @property
    def shows(self) -> str:
        return f"case:{self.id}"


@dataclass(frozen=True, slots=True)
class ListedCase(ShowsSomebody):
    """As much of a case as a list shows."""

    id: int
    code: TrackingCode
    kind: CaseKind
    category: str
    severity: int
    state: State
    office_name: Localised | None
    assigned_name: str | None
    due: Due | None
    """As of `CaseRow`."""

    @property
    def shows(self) -> str:
        return f"case:{self.id}"


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One line of a thread; `staff_id` and `staff_name` are None for the person's eyes."""

    id: int
    at: datetime
    kind: EntryKind
    staff_id: int | None
    staff_name: str | None
    text: str | None
    voice: Mapping[str, Any] | None
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CaseThread:
    """A case with its lines in order; `delivery` by entry id tells what became of each message to the person."""

    case: CaseRow
    entries: tuple[EntryRow, ...]
    delivery: Mapping[int, Delivery] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LastLine:
    """What was written last in a case, as far as a list shows it; `staff_name` None = the person wrote it."""

    at: datetime
    kind: EntryKind
    staff_name: str | None
    is_by_staff: bool
    beginning: str | None
    is_voice: bool


@dataclass(frozen=True, slots=True)
class InboxPage:
    """One page of the cases within somebody's reach; `last` by case id, where anything was written.

    `total` counts the rows of the filter on all pages; `counts` the open cases by state within the reach, `overdue`
    among them, whatever the filter.
    """

    rows: tuple[ListedCase, ...]
    total: int
    page: int
    page_size: int
    counts: Mapping[State, int]
    overdue: int
    last: Mapping[int, LastLine]


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply that somebody has begun."""

    text: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Assignee:
    """A colleague a case may be given to."""

    staff_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Filed:
    """A case was opened; `is_repeat` True = it had been already, by the same tap."""

    case_id: int
    code: TrackingCode
    is_repeat: bool
