"""The refusals about linked papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.refusals import Refusal


@dataclass(frozen=True)
class SamePaper(Refusal):
    """Both numbers are of one paper."""


@dataclass(frozen=True)
class LinkedAlready(Refusal):
    """These two papers are linked."""


@dataclass(frozen=True)
class AskedAlready(Refusal):
    """The person was asked which of two appointments stays, and has not answered: nothing is linked meanwhile."""


@dataclass(frozen=True)
class TooManyLinked(Refusal):
    """This account linked as many papers within an hour as it may."""

    most: int
    until: datetime


@dataclass(frozen=True)
class NotYourChoice(Refusal):
    """There is no such question in this chat."""

    choice_id: int


@dataclass(frozen=True)
class ChoiceOver(Refusal):
    """The question was answered, or one of the two appointments is over."""

    choice_id: int
