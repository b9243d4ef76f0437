"""The refusal about the people of a chat."""

from __future__ import annotations

from dataclasses import dataclass

from desk.refusals import Refusal


@dataclass(frozen=True)
class NotInYourList(Refusal):
    """The person is not in this chat's list, or was removed from it."""

    known_id: int
