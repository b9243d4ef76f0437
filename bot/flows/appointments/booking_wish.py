"""What somebody wrote of a booking before it began: for what, when and where; the link to the booking carries it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.questions import Go
from bot.flows import links

SORT = "wish"
"""The first part of the link's argument."""


@dataclass(frozen=True, slots=True)
class BookingWish:
    """`service` 0 = any; `when` as `WishedTime.stored`, `place` as `NamedPlace.stored`, "" = none was named.

    `people` = for how many people, 0 = nothing was said of that.
    """

    service: int = 0
    when: str = ""
    place: str = ""
    people: int = 0

    @property
    def go(self) -> Go:
        """The way into the booking, which asks only what is not known from here."""
        if self == BookingWish():
            return Go("book")
        service = f"{self.service}x{self.people}" if self.people else str(self.service)
        return Go("book", f"{SORT}.{service}.{self.when}.{self.place}")


def wish_in(rest: str) -> BookingWish:
    """The wish in the argument of a link, behind its first part; nothing in it is to be trusted."""
    service, _dot, rest = rest.partition(".")
    when, _dot, place = rest.partition(".")
    service, _x, people = service.partition("x")
    return BookingWish(links.id_in(service), when, place, links.id_in(people))
