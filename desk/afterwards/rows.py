"""The plain rows of the questions after visits, and of their counts."""

from __future__ import annotations

from dataclasses import dataclass, field

from desk.afterwards.rules import USUAL_HOUR, shown
from desk.appointments.rows import AppointmentRow
from desk.offices.rows import OfficeRow


@dataclass(frozen=True, slots=True)
class AskedVisit:
    """A visit of this chat; `is_open` = its question waits for an answer, `is_late` = its week is over."""

    appointment: AppointmentRow
    is_open: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class AskingRule:
    """Whether and when, in minutes after local midnight, the visitors of a province are asked."""

    is_on: bool = True
    ask_at: int = USUAL_HOUR


@dataclass(frozen=True, slots=True)
class OfficeAnswers:
    """The answers of a month at an office as they are shown: a count is None where it is too small."""

    office: OfficeRow
    came: int
    """Everybody who came in that month."""
    answered: int | None
    share: int | None
    """How many percent of them answered; None where nobody came or the answers are too few."""
    so: dict[str, int | None] = field(default_factory=dict)
    """How many said so, by the column of the counts; empty where the answers are too few."""

    @classmethod
    def of(cls, office: OfficeRow, counts: dict[str, int], *, came: int) -> OfficeAnswers:
        """The row of these counts, without those that could lead to somebody."""
        answered = shown(counts.get("answered", 0))
        if not answered:
            return cls(office, came, answered, 0 if answered == 0 and came else None)
        share = min(100, round(100 * answered / came)) if came else None
        so = {name: shown(value) for name, value in counts.items() if name != "answered"}
        return cls(office, came, answered, share, so)
