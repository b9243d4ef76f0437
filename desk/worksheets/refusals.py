"""The refusals about worksheets."""

from __future__ import annotations

from dataclasses import dataclass

from desk.refusals import Refusal
from desk.worksheets.rules import WorksheetState


@dataclass(frozen=True)
class NotToBeDecided(Refusal):
    """The worksheet is in a state on which this cannot follow: it was decided, withdrawn or replaced meanwhile."""

    state: WorksheetState
    wanted: WorksheetState


@dataclass(frozen=True)
class ReturnedWithoutReason(Refusal):
    """A worksheet is returned with a reason: the office has to know what to state otherwise."""
