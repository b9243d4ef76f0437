"""The refusals about an office."""

from __future__ import annotations

from dataclasses import dataclass

from desk.organisation import Node
from desk.refusals import Refusal


@dataclass(frozen=True)
class OfficeCodeTaken(Refusal):
    """Another office already carries this code."""

    office_id: int


@dataclass(frozen=True)
class ChangedFromAbove(Refusal):
    """This value of an office is changed only by who may change offices at `above`, which the actor may not."""

    field: str
    above: Node
