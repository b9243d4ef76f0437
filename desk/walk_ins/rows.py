"""A slip as the chat that scans it sees it."""

from __future__ import annotations

from dataclasses import dataclass

from desk.appointments.rows import AppointmentRow
from desk.walk_ins.rules import SlipState


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedSlip:
    """What a slip ties, and what becomes of it now."""

    state: SlipState
    mark: str
    """The stored hash of its secret; empty where it ties nothing."""
    appointment: AppointmentRow


@dataclass(frozen=True, slots=True)
class OpenSlip:
    """What a slip ties that was scanned a moment ago."""

    appointment: AppointmentRow
    number: str | None
    """The number by which its person is called today; None = they have not come."""
