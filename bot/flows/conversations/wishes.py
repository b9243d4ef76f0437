"""Where the wishes of free text lead: for each the flow, and the label of its button."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from bot.dialogue import phrases
from bot.dialogue.questions import Go
from bot.dialogue.wishing import Way, Ways
from bot.flows.appointments import menu as appointments_menu
from bot.flows.appointments import ticket
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

OF_EVERYBODY: Final[Mapping[Wish, Way]] = {
    Wish.BOOK: Way(_ENTRIES["book"], Go("book")),
    Wish.MY_TURNS: Way(_ENTRIES["turns"], Go("turns")),
    Wish.FEES: Way(_ENTRIES["services"], Go("services")),
    Wish.PAPERS: Way(_ENTRIES["services"], Go("services")),
    Wish.OFFICES: Way(_("📍 Offices"), Go("offices")),
    Wish.FOLLOW: Way(_ENTRIES["follow"], Go("follow")),
    Wish.COMPLAIN: Way(_ENTRIES["complain"], Go("complain")),
    Wish.OVERCHARGE: Way(ticket.OVERCHARGED, Go("complain", "OVERCHARGE")),
    Wish.COPIES: Way(phrases.COPY_WANTED, Go("complain", "COPY_DEMAND")),
    Wish.BROKER: Way(_("📣 They sell turns"), Go("complain", "BROKER")),
    Wish.ASK_DESK: Way(phrases.ASK_DESK, Go("ask")),
    Wish.SETTINGS: Way(_ENTRIES["settings"], Go("settings")),
    Wish.PHONE: Way(_("📱 Another phone"), Go("phone")),
    Wish.LANGUAGE: Way(_("Language"), Go("settings", "language")),
    Wish.ERASE: Way(_("Erase my data"), Go("settings", "erase")),
    Wish.HELP: Way(_("Help"), Go("settings", "help")),
    Wish.HOME: Way(phrases.MENU, Go("menu")),
}

OF_THE_SOONEST: Final[Mapping[Wish, tuple[Way, str]]] = {
    Wish.MOVE: (Way(ticket.CHANGE_TIME, Go("turns")), "move"),
    Wish.CANCEL: (Way(ticket.CANCEL, Go("turns")), "cancel"),
    Wish.CANNOT_COME: (Way(ticket.CANCEL, Go("turns")), "cancel"),
    Wish.COME: (Way(_("✅ I will come"), Go("turns")), "agree"),
}
"""Wishes about an appointment: what they do with the soonest of the chat. Who has none sees that."""


def way_of(chat: Chat, wish: Wish) -> Way | None:
    """The way of a wish; it names the soonest appointment where it is about one."""
    of_turn = OF_THE_SOONEST.get(wish)
    if of_turn is None:
        return OF_EVERYBODY.get(wish)
    way, does = of_turn
    soonest = next((each for each in appointments.mine(chat) if each.starts_at > chat.now), None)
    return Way(way.label, ticket.link(soonest, does)) if soonest is not None else way


def way_of_words(chat: Chat, typed: str) -> Way | None:
    """The way of a code, or of the everyday words of a service."""
    code = read_code(typed)
    if code is not None:
        return Way(_ENTRIES["follow"], Go("follow", f"code.{code.digits}"))
    if len(folded_words(typed)) > MOST_WORDS_OF_A_SERVICE:
        return None
    found = catalogue.search(chat, typed)
    if not found:
        return None
    return Way(_ENTRIES["services"], Go("services", f"found.{'.'.join(str(row.id) for row in found[:MOST_FOUND])}"))


MOST_FOUND: Final = 10
"""More services than these are no answer to a word; the last are left out."""


def is_reminded(chat: Chat) -> bool:
    """Whether an appointment of the chat is so near that its reminder may be answered."""
    return any(timedelta() < each.starts_at - chat.now <= REMINDED for each in appointments.mine(chat))


WAYS: Final = Ways(way_of, way_of_words, is_reminded)
