"""What a text names beside its wish, or alone: services, a day or an hour, a city or a province."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.dialogue.lexicon import wishes
from bot.dialogue.questions import Go
from bot.flows.appointments.booking_wish import BookingWish
from bot.flows.offices.typed_place import NamedPlace, place_in
from desk.capacity import chat as capacity
from desk.catalogue import chat as catalogue
from desk.language.text import Param, Text, words
from desk.reading.folding import folded_words
from desk.reading.people_counted import people_in
from desk.reading.wished_times import wished_time_in

if TYPE_CHECKING:
    from desk.catalogue.rows import ServiceRow
    from desk.conversations.chat import Chat
    from desk.reading.wished_times import WishedTime

_ = words("menu")

MOST_WORDS: Final = 10
"""A longer text tells a story, and what it names may be something else."""
MOST_FOUND: Final = 10
"""More services than these are no answer to a word; the last are left out."""

PARTS: Final[dict[tuple[int, int], Text]] = {
    (5, 12): _("the morning"),
    (11, 14): _("noon"),
    (12, 18): _("the afternoon"),
    (15, 20): _("the evening"),
    (17, 24): _("the night"),
}
"""By the hours of `read_part_of_day`: what people call them."""


def said(when: WishedTime) -> Param:
    """The wished time as it was read."""
    hour: Param | None = _("{time} o'clock", time=when.hour) if when.hour is not None else None
    if when.part is not None:
        hour = PARTS[when.part]
    if when.day is None or hour is None:
        return when.day or hour or ""
    return _("{day}, {hour}", day=when.day, hour=hour)


def booking(chat: Chat, typed: str) -> Go:
    """The way into a booking of what the text names: for a service, at a time, in a place."""
    if len(folded_words(typed)) > MOST_WORDS:
        return Go("book")
    people, typed = people_in(typed)
    found = services_in(chat, typed)
    bookable = {row.id for row in capacity.services(chat)}
    meant = [row for row in found if row.id in bookable] or found
    when, place, _beside = time_and_place_in(chat, typed)
    return BookingWish(
        meant[0].id if len(meant) == 1 else 0,
        when.stored if when else "",
        place.stored if place else "",
        people,
    ).go


def time_and_place_in(chat: Chat, typed: str) -> tuple[WishedTime | None, NamedPlace | None, str]:
    """The time and the place that the text names, and the words beside the time."""
    when, beside = wished_time_in(typed, today=chat.today)
    return when, place_in(chat, beside), beside


def time_and_place(chat: Chat, typed: str) -> BookingWish | None:
    """The day, the hour or the place that the text names and says nothing beside; None = anything else, or none."""
    when, place, beside = time_and_place_in(chat, typed)
    if (place is not None and not place.is_all) or (place is None and (when is None or beside)):
        return None
    return BookingWish(when=when.stored if when else "", place=place.stored if place else "")


def page_of_service(chat: Chat, typed: str, *, papers: bool) -> Go:
    """The way to the fee or the papers of the service that the text names; to the list of all where it names none."""
    found = services_in(chat, typed)
    if len(found) == 1:
        card = catalogue.card(chat, found[0].id) if papers else None
        return Go("checklist" if card is not None and card.papers else "services", str(found[0].id))
    return of_services(found) if found else Go("services")


def of_services(found: list[ServiceRow]) -> Go:
    """The way to the list of these services, or to the page of the only one."""
    return Go("services", f"found.{'.'.join(str(row.id) for row in found[:MOST_FOUND])}")


def services_in(chat: Chat, typed: str) -> list[ServiceRow]:
    """The services that the text names best, beside what it asks for."""
    if len(folded_words(typed)) > MOST_WORDS:
        return []
    named = wishes().named(typed)
    return catalogue.named(chat, named) if named else []
