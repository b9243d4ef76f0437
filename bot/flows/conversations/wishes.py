"""Where the wishes of free text lead: for each the flow, and the label of its button."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from bot.dialogue import phrases
from bot.dialogue.questions import Go
from bot.dialogue.wishing import Destination, Destinations
from bot.flows.appointments import menu as appointments_menu
from bot.flows.appointments import ticket
from bot.flows.cases import answering_desk
from bot.flows.conversations import menu
from desk.appointments import chat as appointments
from desk.catalogue import chat as catalogue
from desk.conversations.chat import Chat
from desk.language.text import words
from desk.reading.codes import read_code
from desk.reading.folding import folded_words
from desk.reading.wishes import Wish

_ = words("menu")

REMINDED: Final = timedelta(hours=36)
"""So long before an appointment words may answer its reminder."""
MOST_WORDS_OF_A_SERVICE: Final = 5
"""Longer text only mentions a service."""

_ENTRIES: Final = {option.key: option.label for option in (*menu.ENTRIES, *appointments_menu.ENTRIES)}

OF_EVERYBODY: Final[Mapping[Wish, Destination]] = {
    Wish.BOOK: Destination(_ENTRIES["book"], Go("book")),
    Wish.MY_APPOINTMENTS: Destination(_ENTRIES["turns"], Go("turns")),
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


def destination_of(chat: Chat, wish: Wish) -> Destination | None:
    """The destination of a wish; it names the soonest appointment where it is about one."""
    of_soonest = OF_THE_SOONEST.get(wish)
    if of_soonest is None:
        return OF_EVERYBODY.get(wish)
    destination, does = of_soonest
    soonest = next((each for each in appointments.mine(chat) if each.starts_at > chat.now), None)
    return Destination(destination.label, ticket.link(soonest, does)) if soonest is not None else destination


def destination_of_words(chat: Chat, typed: str) -> Destination | None:
    """The destination of a code, or of the everyday words of a service."""
    code = read_code(typed)
    if code is not None:
        return Destination(_ENTRIES["follow"], Go("follow", f"code.{code.digits}"))
    if len(folded_words(typed)) > MOST_WORDS_OF_A_SERVICE:
        return None
    found = catalogue.search(chat, typed)
    if not found:
        return None
    return Destination(
        _ENTRIES["services"], Go("services", f"found.{'.'.join(str(row.id) for row in found[:MOST_FOUND])}")
    )


MOST_FOUND: Final = 10
"""More services than these are no answer to a word; the last are left out."""


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
