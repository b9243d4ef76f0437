"""The refusal about an office."""

from __future__ import annotations

from dataclasses import dataclass

from desk.refusals import Refusal


@dataclass(frozen=True)
class OfficeCodeTaken(Refusal):
    """Another office already carries this code."""

    office_id: int
