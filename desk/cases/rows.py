"""The plain rows of cases: for the person, for lists of staff, and for threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from desk.cases.rules import CaseKind, CaseState, CloseReason, Contact, EntryKind
from desk.codes import TrackingCode
from desk.deadlines.rows import CurrentDeadline
from desk.events.shown import ShowsSomebody
from desk.language.text import Localised
from desk.outbox.rows import Delivery
from desk.values import Money


@dataclass(frozen=True, slots=True)
class CaseRow(ShowsSomebody):
    """A case without anything that leads to the chat; `name` is None unless the person chose to give it."""

    id: int
    code: TrackingCode
    kind: CaseKind
    category: str
    severity: int
    state: CaseState
    close_reason: CloseReason | None
    contact: Contact
    name: str | None
    can_be_told: bool
    """Whether a reply reaches the person; if not, they have to ask by the code."""
    was_erased: bool
    """Whether all that was written in it is gone: the person wished it, or its period is over."""
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
    """Answers by the codes of `desk.cases.facts`, in the order of asking."""
    assigned_to: int | None
    assigned_name: str | None
    due: CurrentDeadline | None
    """The answer that is due next, or the last that was; None = never due (praise, suggestion)."""
    reopen_until: datetime | None
    """Until when the person may reopen it; None while it is open."""
    answered_at: datetime | None
    """When the first answer was given."""
    created_at: datetime
    opened_at: datetime
    """When it was filed or last reopened; its deadlines run from here."""
    state_at: datetime
    """When it came into its present state."""
    closed_at: datetime | None
    changed_at: datetime
    """When the last entry that the person may read was written."""

    @property
    def shows(self) -> str:
        return f"case:{self.id}"


@dataclass(frozen=True, slots=True)
class ListedCase(ShowsSomebody):
    """The values of a case that a list shows."""

    id: int
    code: TrackingCode
    kind: CaseKind
    category: str
    severity: int
    state: CaseState
    office_name: Localised | None
    assigned_name: str | None
    due: CurrentDeadline | None
    """As in `CaseRow`."""

    @property
    def shows(self) -> str:
        return f"case:{self.id}"


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry of a thread; `staff_id` and `staff_name` are None where the person reads."""

    id: int
    place: int
    """Its number within the case, from 1; the order of the thread."""
    at: datetime
    kind: EntryKind
    staff_id: int | None
    staff_name: str | None
    text: str | None
    voice: Mapping[str, Any] | None
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CaseThread:
    """A case with its entries in order; `delivery` tells by entry id whether its message arrived."""

    case: CaseRow
    entries: tuple[EntryRow, ...]
    delivery: Mapping[int, Delivery] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LastLine:
    """The newest entry of a case, as far as a list shows it; `staff_name` None = the person wrote it."""

    at: datetime
    kind: EntryKind
    staff_name: str | None
    is_by_staff: bool
    beginning: str | None
    is_voice: bool


@dataclass(frozen=True, slots=True)
class InboxPage:
    """One page of the cases within a scope; `last` by case id, where anything was written.

    `total` counts the filtered rows of all pages; `is_cut` = a search compared as many cases as it may, and more
    may have the words. `counts` (open cases by state) and `overdue` ignore the filter.
    """

    rows: tuple[ListedCase, ...]
    total: int
    page: int
    page_size: int
    counts: Mapping[CaseState, int]
    overdue: int
    last: Mapping[int, LastLine]
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft of a reply."""

    text: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Assignee:
    """A colleague to whom a case may be assigned."""

    staff_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Filed:
    """A case was filed; `is_repeat` True = an earlier message with the same key had filed it."""

    case_id: int
    code: TrackingCode
    is_repeat: bool
