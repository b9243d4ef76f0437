"""A worksheet as pages see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from desk.capacity.weeks import Week
from desk.deadlines.rows import CurrentDeadline
from desk.language.text import Localised
from desk.organisation import Node, office
from desk.worksheets.rules import AWAITS, WorksheetState


@dataclass(frozen=True, slots=True)
class QueueWithWeek:
    """A queue with the week that holds on a day."""

    id: int
    name: Localised
    is_active: bool
    week: Week


@dataclass(frozen=True, slots=True, kw_only=True)
class WorksheetRow:
    """What an office stated for a queue, and what became of it."""

    id: int
    queue_id: int
    queue_name: Localised
    office_id: int
    office_name: Localised
    office_code: str
    area: str
    zone: str
    state: WorksheetState
    week: Week
    from_day: date
    note: str
    stated_at: datetime
    stated_by: str | None
    """The name of the member of staff."""
    decided_at: datetime | None
    decided_by: str | None
    reason: str
    until_day: date | None
    due: CurrentDeadline | None

    @property
    def node(self) -> Node:
        """The node of the office."""
        return office(self.office_id, area=self.area)

    @property
    def awaits(self) -> bool:
        """Whether the directorate has to decide, now or on a day that was named."""
        return self.state in AWAITS

    def is_late(self, now: datetime) -> bool:
        """Whether the directorate has let its time pass."""
        return self.awaits and self.due is not None and self.due.is_running and self.due.at < now
