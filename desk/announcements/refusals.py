"""The refusals about announcements."""

from __future__ import annotations

from dataclasses import dataclass

from desk.refusals import Refusal


@dataclass(frozen=True)
class NothingUnknown(Refusal):
    """Everything is announced of this service by now."""

    service_id: int


@dataclass(frozen=True)
class TooManyWishes(Refusal):
    """The chat waits for as many announcements as it may."""

    most: int
