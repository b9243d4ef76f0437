"""The refusals about the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from desk.refusals import Refusal


@dataclass(frozen=True)
class ServiceCodeTaken(Refusal):
    """Another service already has this code."""

    service_id: int


@dataclass(frozen=True)
class ShortTitleTooLong(Refusal):
    """The short title does not fit a button."""

    letters: int
    most: int


@dataclass(frozen=True)
class IrreversibleNotBookable(Refusal):
    """A service whose effect cannot be undone is information only: it takes no appointments."""


@dataclass(frozen=True)
class FeeOverlaps(Refusal):
    """A fee that begins on or after the new one's first day overlaps it; end that one first."""

    fee_id: int


@dataclass(frozen=True)
class FeeNotLonger(Refusal):
    """The fee ends before that day; a longer time needs a new fee with its own source."""

    fee_id: int


@dataclass(frozen=True)
class FeeInForce(Refusal):
    """The fee was confirmed and has begun, so it stays in the history; its last day cannot lie before its first."""

    fee_id: int


@dataclass(frozen=True)
class CopyDemanded(Refusal):
    """The text demands a copy or an image of a paper, which is forbidden."""

    text: str


@dataclass(frozen=True)
class NoSuchQuestion(Refusal):
    """People are asked 2 to 14 days before whether they come, and only about what can be booked."""


@dataclass(frozen=True)
class NoSuchOpening(Refusal):
    """The days ahead are out of bounds, or an hour of opening is given without them or is none of a day."""

    field: str
