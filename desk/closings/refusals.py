"""The refusals about closings."""

from __future__ import annotations

from dataclasses import dataclass

from desk.refusals import Refusal


@dataclass(frozen=True)
class TooLateToUndo(Refusal):
    """People are being told of the closing."""

    change_id: int


@dataclass(frozen=True)
class UndoneBefore(Refusal):
    """The closing was taken back before."""

    change_id: int


@dataclass(frozen=True)
class OpeningStays(Refusal):
    """More places were opened, which people may have taken by now; they can only be closed again."""

    change_id: int


@dataclass(frozen=True)
class NothingToClose(Refusal):
    """No queue is in use there on a day that is not over: nothing was saved."""


@dataclass(frozen=True)
class TooMuchToClose(Refusal):
    """These are more days of queues than a closing may have: nothing was saved."""

    most: int
