"""Which free time of an office is suggested first: one that was wished, else the soonest that leaves time to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.flows.appointments import opens_later, parts_of_day
from desk.capacity import chat as capacity
from desk.capacity.rules import TIME_TO_COME
from desk.language.text import Param, lines, words
from desk.reading.wished_times import WishedTime, stored_wish

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from desk.capacity.rows import FreeSlot
    from desk.conversations.chat import Chat

_ = words("book")

DAYS_LOOKED_AT: Final = 12
"""So many days with free times are looked through for an hour or a part of the day."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`soonest` = the first free time, however near; `slot` None = all that is free begins too soon to be suggested."""

    soonest: FreeSlot | None
    slot: FreeSlot | None
    of_wish: Param | None = None
    """What is said of the wish above the time; None = nothing was wished."""

    @property
    def heading(self) -> Param:
        """The words above the time."""
        if self.of_wish is not None:
            return self.of_wish
        if self.soonest is None or self.slot is None or self.slot.starts_at <= self.soonest.starts_at:
            return _("The soonest free time:")
        return _("The first free time after {minutes} minutes:", minutes=TIME_TO_COME // timedelta(minutes=1))


def suggest(chat: Chat, wished: str, *, service_id: int, office_id: int) -> Suggestion:
    """The time that is suggested at this office; `wished` as `WishedTime.stored`."""
    soonest = capacity.first_free(chat, service_id=service_id, office_id=office_id)
    wish = stored_wish(wished, today=chat.today)
    if wish is not None and soonest is not None:
        other: FreeSlot | None = None
        for free in _free(chat, wish, service_id=service_id, office_id=office_id):
            if wish.fits(parts_of_day.clock_of(free)):
                return Suggestion(soonest, free, _("The first free time then:"))
            other = other or free
        if wish.day is not None and other is not None:
            return Suggestion(soonest, other, _("That hour is not free. On this day there is:"))
    slot = capacity.suggested(chat, soonest, service_id=service_id)
    said = _not_then(chat, wish, service_id=service_id, office_id=office_id) if wish is not None else None
    return Suggestion(soonest, slot, said)


def _free(chat: Chat, wish: WishedTime, *, service_id: int, office_id: int) -> Iterator[FreeSlot]:
    """The free times of the wished day, or of the next days, that leave time to come."""
    for day in _days(chat, wish, service_id=service_id, office_id=office_id):
        for slot in capacity.free_times(chat, service_id=service_id, office_id=office_id, day=day):
            if slot.starts_at >= chat.now + TIME_TO_COME:
                yield slot


def _days(chat: Chat, wish: WishedTime, *, service_id: int, office_id: int) -> list[date]:
    if wish.day is not None:
        return [wish.day.date]
    free = capacity.free_days(chat, service_id=service_id, office_id=office_id, limit=DAYS_LOOKED_AT)
    return [each.day for each in free]


def _not_then(chat: Chat, wish: WishedTime, *, service_id: int, office_id: int) -> Param:
    """Why another time than the wished one is suggested."""
    if wish.day is None:
        return _("Nothing is free then. This is free:")
    opens = opens_later.day_opens(chat, wish.day, service_id=service_id, office_id=office_id)
    if opens is not None:
        return lines(opens, _("This is free now:"))
    return _("Nothing is free on {day}. This is free:", day=wish.day)
