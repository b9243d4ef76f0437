"""The refusals about the people of a chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.refusals import Refusal


@dataclass(frozen=True)
class NotInYourList(Refusal):
    """The person is not in this chat's list, or was removed from it."""

    known_id: int


@dataclass(frozen=True)
class TooManyNewPeople(Refusal):
    """This chat has added as many people as it may for now; those in its list are known to it as before."""

    most: int
    until: datetime


@dataclass(frozen=True)
class TooManyNames(Refusal):
    """In this chat as many names on appointments were corrected as may be for now; more is for the desk."""

    most: int
    until: datetime


@dataclass(frozen=True)
class NumberOfBefore(Refusal):
    """The number was typed before the key of the installation was changed; only typed again is it found."""


@dataclass(frozen=True)
class TooManyDigests(Refusal):
    """The chat wrote more numbers within an hour than are looked up."""


@dataclass(frozen=True)
class NotASlip(Refusal):
    """Without a number only a slip in the name is corrected, and this is more: it might be another person."""

    is_short: bool = False
    """True = there is a number, too short to stand behind it (`rules.stands_behind`)."""


@dataclass(frozen=True)
class SlipMended(Refusal):
    """Without a number a slip in the name is corrected once, and that was done."""

    is_short: bool = False
    """As in `NotASlip`."""
