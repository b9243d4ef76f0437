"""What can go wrong with the people of a chat."""

from __future__ import annotations

from dataclasses import dataclass

from desk.refusals import Refusal


@dataclass(frozen=True)
class NotInYourList(Refusal):
    """This chat does not know that person, or has forgotten them."""

    known_id: int
