"""The refusals about a record."""

from __future__ import annotations

from dataclasses import dataclass

from desk.records.rules import Mismatch
from desk.refusals import Refusal


@dataclass(frozen=True)
class ReasonNeeded(Refusal):
    """What is not as announced needs a reason; «another reason» needs words."""

    findings: tuple[Mismatch, ...]
    wants_words: bool = False


@dataclass(frozen=True)
class RecordedAlready(Refusal):
    """The visit has its record: somebody kept it meanwhile."""

    appointment_id: int


@dataclass(frozen=True)
class SourceMissing(Refusal):
    """Required fields are entered with the source that announces them."""
