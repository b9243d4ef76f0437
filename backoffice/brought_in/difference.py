"""What a workbook would change: each line with what is new, what becomes what, and what stands in its way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any, Generic, TypeVar

from desk.language.text import Param, Text

T = TypeVar("T")


class LineState(StrEnum):
    """What becomes of a line."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    FAULT = "fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFault:
    """Why a line cannot be brought in, at which column, and the page where it can be done instead."""

    column: Text | None
    why: Text
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedValue:
    """What stands there now and what the file says; `old_sign` and `new_sign` are the same as plain values."""

    title: Text
    old: Param | None
    new: Param | None
    old_sign: str
    new_sign: str


@dataclass(slots=True, kw_only=True)
class DifferenceLine(Generic[T]):
    """One line of the file; `thing` is what has to be saved of it."""

    number: int
    name: Param
    """The name that the file gives it; an empty text where it gives none."""
    code: str
    thing: T
    is_new: bool
    changes: list[ChangedValue] = field(default_factory=list)
    faults: list[LineFault] = field(default_factory=list)

    @property
    def state(self) -> LineState:
        """A fault comes before everything else."""
        if self.faults:
            return LineState.FAULT
        if self.is_new:
            return LineState.NEW
        return LineState.CHANGED if self.changes else LineState.SAME


@dataclass(frozen=True, slots=True)
class Difference(Generic[T]):
    """All lines of a file beside what stands."""

    lines: Sequence[DifferenceLine[T]]

    def of(self, state: str) -> list[DifferenceLine[T]]:
        """The lines in this state."""
        return [line for line in self.lines if line.state == state]

    @property
    def to_save(self) -> list[DifferenceLine[T]]:
        """The lines that change something."""
        return [line for line in self.lines if line.state in {LineState.NEW, LineState.CHANGED}]

    @property
    def can_be_done(self) -> bool:
        """Whether there is something to do, and nothing stands in the way of anything."""
        return bool(self.to_save) and not self.of(LineState.FAULT)

    @property
    def sign(self) -> str:
        """One hash of all that the page shows: where it differs, somebody else has saved something meanwhile."""
        said = [
            (line.number, line.state, line.code, [(each.old_sign, each.new_sign) for each in line.changes])
            for line in self.lines
        ]
        return sha256(repr(said).encode()).hexdigest()[:16]


class LookedAt(Exception):
    """What would be done, by doing it: raised, so that the transaction that did it is taken back."""

    def __init__(self, found: Difference[Any]) -> None:
        super().__init__()
        self.found = found


class LooksOtherwise(Exception):
    """What would be done is no longer what the page showed, so nothing was; `found` is how it looks now."""

    def __init__(self, found: Difference[Any]) -> None:
        super().__init__()
        self.found = found
