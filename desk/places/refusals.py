"""The refusals about holding a place."""

from __future__ import annotations

from dataclasses import dataclass

from desk.refusals import Refusal


@dataclass(frozen=True)
class HeldTooOften(Refusal):
    """This chat has held as many places as it may for now; it can still book a free one."""

    slot_id: int
    most: int


@dataclass(frozen=True)
class KeptLongEnough(Refusal):
    """This chat has held places for as long as it may; it can still book a free one."""

    slot_id: int
