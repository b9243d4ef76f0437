"""The refusals about draws."""

from __future__ import annotations

from dataclasses import dataclass

from desk.draws.rules import DrawFieldFault, DrawState
from desk.refusals import Refusal


@dataclass(frozen=True)
class DrawUnusable(Refusal):
    """What was typed for a draw, or for its rules, cannot be."""

    why: DrawFieldFault


@dataclass(frozen=True)
class NotInThatState(Refusal):
    """The draw is too far, or not far enough, for this."""

    draw_id: int
    state: DrawState


@dataclass(frozen=True)
class HashMissing(Refusal):
    """A hash of the two hidden parts is missing: without both a draw is not announced."""

    draw_id: int


@dataclass(frozen=True)
class SamePerson(Refusal):
    """A second person has to do this."""

    draw_id: int


@dataclass(frozen=True)
class NoDrawAnnounced(Refusal):
    """A service is drawn from the day on for which a draw is announced, and none is."""

    service_id: int
    province_code: str
