"""When days open that cannot be booked yet, at the office and for the service that are wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.flows import wording
from desk.capacity import chat as capacity
from desk.language.text import Param, words
from desk.values import LocalDay

if TYPE_CHECKING:
    from bot.flows.appointments.free_times import TimeTalk
    from desk.capacity.rows import Opening
    from desk.conversations.chat import Chat

_ = words("times")


def next_one(talk: TimeTalk) -> Param | None:
    """When the next day opens at this office; None where all days are open that have a free time."""
    opening = capacity.next_opening(talk.desk, service_id=talk.given.service_id, office_id=talk.given.office_id)
    return None if opening is None else _opens_at(talk.desk, opening)


def of_day(talk: TimeTalk, wanted: LocalDay) -> Param | None:
    """When this day opens; None where it is open, or nothing is left of it."""
    return day_opens(talk.desk, wanted, service_id=talk.given.service_id, office_id=talk.given.office_id)


def day_opens(chat: Chat, wanted: LocalDay, *, service_id: int, office_id: int) -> Param | None:
    """The same for a service and an office that nobody has chosen yet."""
    opening = capacity.next_opening(chat, service_id=service_id, office_id=office_id, from_day=wanted.date)
    return _opens_at(chat, opening) if opening is not None and opening.day == wanted.date else None


def _opens_at(chat: Chat, opening: Opening) -> Param:
    when = wording.moment(opening.opens, opening.zone, today=chat.today)
    return _("Turns for {day} can be taken from {when}.", day=LocalDay(opening.day), when=when)
