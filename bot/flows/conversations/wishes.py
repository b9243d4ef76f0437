"""Where the wishes of free text lead: for each the flow, and the label of its button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.dialogue import phrases
from bot.dialogue.questions import Go
from bot.dialogue.wishing import Destination, Destinations, FoundByWords
from bot.flows.appointments import menu as appointments_menu
from bot.flows.appointments import ticket
from bot.flows.appointments.booking_wish import BookingWish
from bot.flows.appointments.several import SEVERAL
from bot.flows.cases import answering_desk
from bot.flows.conversations import menu, named
from bot.flows.offices.typed_place import place_in
from bot.flows.waiting import ways_in
from desk.appointments import chat as appointments
from desk.catalogue import chat as catalogue
from desk.conversations.chat import Chat
from desk.language.text import Param, ShortDay, words
from desk.reading.codes import read_code
from desk.reading.folding import folded_words
from desk.reading.number_words import read_number
from desk.reading.people_counted import people_in
from desk.reading.wished_times import number_readings, read_wished_time, wished_time_in
from desk.reading.wishes import Wish

if TYPE_CHECKING:
    from bot.flows.offices.typed_place import NamedPlace
    from desk.appointments.rows import AppointmentRow
    from desk.reading.wished_times import WishedTime

_ = words("menu")

REMINDED: Final = timedelta(hours=36)
"""So long before an appointment words may answer its reminder."""
MOST_WORDS_OF_A_SERVICE: Final = 5
"""Longer text only mentions a service."""

_ENTRIES: Final = {option.key: option.label for option in (*menu.ENTRIES, *appointments_menu.ENTRIES)}

OF_EVERYBODY: Final[Mapping[Wish, Destination]] = {
    Wish.BOOK: Destination(_ENTRIES["book"], Go("book")),
    Wish.MY_APPOINTMENTS: Destination(_ENTRIES["turns"], Go("turns")),
    Wish.WAITING: Destination(ways_in.WAITING_LIST, Go("request")),
    Wish.FEES: Destination(_ENTRIES["services"], Go("services")),
    Wish.PAPERS: Destination(_ENTRIES["services"], Go("services")),
    Wish.OFFICES: Destination(_("📍 Offices"), Go("offices")),
    Wish.FOLLOW: Destination(_ENTRIES["follow"], Go("follow")),
    Wish.COMPLAIN: Destination(_ENTRIES["complain"], Go("complain")),
    Wish.OVERCHARGE: Destination(ticket.OVERCHARGED, Go("complain", "OVERCHARGE")),
    Wish.COPIES: Destination(phrases.COPY_WANTED, Go("complain", "COPY_DEMAND")),
    Wish.BROKER: Destination(_("📣 They sell turns"), Go("complain", "BROKER")),
    Wish.ASK_DESK: Destination(phrases.ASK_DESK, Go("ask")),
    Wish.SETTINGS: Destination(_ENTRIES["settings"], Go("settings")),
    Wish.PHONE: Destination(_("📱 Another phone"), Go("phone")),
    Wish.LANGUAGE: Destination(_("Language"), Go("settings", "language")),
    Wish.ERASE: Destination(_("Erase my data"), Go("settings", "erase")),
    Wish.HELP: Destination(_("Help"), Go("settings", "help")),
    Wish.HOME: Destination(phrases.MENU, Go("menu")),
}

OF_THE_SOONEST: Final[Mapping[Wish, tuple[Destination, str]]] = {
    Wish.MOVE: (Destination(ticket.CHANGE_TIME, Go("turns")), "move"),
    Wish.CANCEL: (Destination(ticket.CANCEL, Go("turns")), "cancel"),
    Wish.CANNOT_COME: (Destination(ticket.CANCEL, Go("turns")), "cancel"),
    Wish.COME: (Destination(_("✅ I will come"), Go("turns")), "agree"),
}
"""Wishes about an appointment: what they do with the soonest of the chat. Who has none sees that."""


def destination_of(chat: Chat, wish: Wish, typed: str) -> Destination | None:
    """The destination of a wish; it names the soonest appointment where it is about one, else what the text names
    beside the wish."""
    of_soonest = OF_THE_SOONEST.get(wish)
    if of_soonest is None:
        destination = OF_EVERYBODY.get(wish)
        return None if destination is None else replace(destination, go=_of_what_is_named(chat, wish, typed))
    destination, does = of_soonest
    soonest = _soonest(chat)
    if soonest is None:
        return destination
    if wish is Wish.COME and (other := _another_day(chat, typed, soonest)) is not None:
        return _moving(soonest, other)  # «we wait for you» would be said of a day on which they do not come
    return Destination(destination.label, ticket.link(soonest, does))


def _another_day(chat: Chat, typed: str, soonest: AppointmentRow) -> WishedTime | None:
    """The time that the text names, on a day that is not the appointment's."""
    when, _beside = wished_time_in(typed, today=chat.today)
    return when if when is not None and when.day is not None and when.day.date != soonest.day else None


def _moving(soonest: AppointmentRow, when: WishedTime) -> Destination:
    """Another time for the appointment: the one that was written."""
    destination, does = OF_THE_SOONEST[Wish.MOVE]
    return Destination(destination.label, Go("turns", f"{does}.{soonest.id}.{when.stored}"))


def _of_what_is_named(chat: Chat, wish: Wish, typed: str) -> Go:
    usual = OF_EVERYBODY[wish].go
    match wish:
        case _ if not typed:
            return usual
        case Wish.BOOK:
            return named.booking(chat, typed)
        case Wish.FEES | Wish.PAPERS:
            return named.page_of_service(chat, typed, papers=wish is Wish.PAPERS)
        case Wish.OFFICES if (place := place_in(chat, typed)) is not None:
            return Go("offices", f"in.{place.stored}")
        case _:
            return usual


def destination_of_words(chat: Chat, typed: str) -> FoundByWords | None:
    """Where a code leads, a day or an hour, a city or a province, or the everyday words of a service."""
    code = read_code(typed)
    if code is not None:
        return FoundByWords((Destination(_ENTRIES["follow"], Go("follow", f"code.{code.digits}")),))
    found = _of_people(chat, typed) or _of_a_time(chat, typed)
    if found is not None:
        return found
    when, place, _beside = named.time_and_place_in(chat, typed)
    if place is not None and place.is_all:
        return _of_a_place(place, when)
    services = catalogue.search(chat, typed) if len(folded_words(typed)) <= MOST_WORDS_OF_A_SERVICE else []
    if services:
        return FoundByWords((Destination(_ENTRIES["services"], named.of_services(services)),))
    return _of_a_place(place, when) if place is not None else None


def _of_people(chat: Chat, typed: str) -> FoundByWords | None:
    """A booking for as many people as the text counts, where it says nothing of a wish."""
    people, _rest = people_in(typed)
    if not people:
        return None
    book = Destination(SEVERAL, named.booking(chat, typed))
    return FoundByWords((book,), _("👤 Do you want turns for {n} people together?", n=people))


def _of_a_time(chat: Chat, typed: str) -> FoundByWords | None:
    """An appointment at the time that was written, or that time for the appointment that the chat has."""
    numbers = number_readings(typed, today=chat.today)
    if numbers:
        return FoundByWords(
            tuple(Destination(_on_a_button(each), _booking_at(each)) for each in numbers),
            _("🗓 You wrote {n}. When do you want a turn?", n=read_number(typed) or 0),
        )
    when = read_wished_time(typed, today=chat.today)
    if when is None:
        return None
    book = Destination(_ENTRIES["book"], _booking_at(when))
    soonest = _soonest(chat)
    if soonest is None:
        return FoundByWords((book,), _("🗓 Do you want a turn for {when}?", when=named.said(when)))
    move = _moving(soonest, when)
    both = (move, book) if is_reminded(chat) else (book, move)
    return FoundByWords(both, _("🕘 {when}: what would you like to do?", when=named.said(when)))


def _of_a_place(place: NamedPlace, when: WishedTime | None) -> FoundByWords:
    """The offices there and an appointment there; this first where the text says when, too."""
    there = Destination(OF_EVERYBODY[Wish.OFFICES].label, Go("offices", f"in.{place.stored}"))
    book = Destination(_ENTRIES["book"], BookingWish(when=when.stored if when else "", place=place.stored).go)
    if when is None:
        return FoundByWords((there, book), _("📍 What would you like to do in {place}?", place=place.name))
    asks = _("🗓 Do you want a turn in {place} for {when}?", place=place.name, when=named.said(when))
    return FoundByWords((book, there), asks)


def _booking_at(when: WishedTime) -> Go:
    return BookingWish(when=when.stored).go


def _on_a_button(when: WishedTime) -> Param:
    return ShortDay(when.day) if when.day is not None else _("🕘 At {time}", time=when.hour or "")


def _soonest(chat: Chat) -> AppointmentRow | None:
    return next((each for each in appointments.mine(chat) if each.starts_at > chat.now), None)


def is_reminded(chat: Chat) -> bool:
    """Whether an appointment of the chat is so near that its reminder may be answered."""
    return any(timedelta() < each.starts_at - chat.now <= REMINDED for each in appointments.mine(chat))


DESTINATIONS: Final = Destinations(
    destination_of,
    destination_of_words,
    is_reminded,
    of_message=answering_desk.of_message,
    of_reply=answering_desk.of_reply,
)
