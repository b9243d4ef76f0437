"""The refusals about walk-ins and their slips."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.refusals import Refusal
from desk.walk_ins.rules import SlipState


@dataclass(frozen=True)
class TooManyWalkIns(Refusal):
    """This account registered as many people at the door within an hour as it may."""

    most: int
    until: datetime


@dataclass(frozen=True)
class NoNumberLeft(Refusal):
    """Today's places for people without an appointment are given out for this service."""

    service_id: int


@dataclass(frozen=True)
class NumberLeft(Refusal):
    """A number for today is left, so the person gets that and no coming day."""

    service_id: int


@dataclass(frozen=True)
class HasNoSlip(Refusal):
    """A slip is printed for an appointment that holds and belongs to no chat; this one is another."""

    appointment_id: int


@dataclass(frozen=True)
class NotTied(Refusal):
    """The appointment was tied to no chat by a slip, or is over."""

    appointment_id: int


@dataclass(frozen=True)
class SlipTiesNothing(Refusal):
    """The slip that was scanned ties nothing more."""

    state: SlipState
