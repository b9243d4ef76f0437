"""How the chat speaks of a complaint by its severity: safety first where somebody may be in danger, thanks only where
nothing grave happened."""

from __future__ import annotations

from desk.cases.categories import CATEGORIES, DANGER
from desk.cases.facts import YES, safety_comes_first
from desk.conversations.chat import Chat
from desk.language.text import Param, lines, words
from desk.reading.folding import persian_digits

_ = words("safety")

GRAVE = 3
"""From this severity on somebody was wronged, who is not thanked for saying so."""


def is_safety_first(category: str, safe: str | None) -> bool:
    """Whether what is said about this complaint begins with safety; `safe`: the answer to «are you safe now?»."""
    return safety_comes_first(category) and safe != YES


def in_danger(chat: Chat) -> Param:
    """Where to go, and whom to call where a number was verified; it stands before everything else."""
    if chat.emergency_number:
        return _("**If you are in danger, first go to a safe place or call {number}.**", number=_number(chat))
    return _("**If you are in danger, first go to a safe place, to people you trust.**")


def not_safe(chat: Chat) -> Param:
    """The same to a person who said that they are not safe, above what is asked next."""
    first = (
        _("**First go to a safe place or call {number}.**", number=_number(chat))
        if chat.emergency_number
        else _("**First go to a safe place, to people you trust.**")
    )
    return lines(first, _("You can go on here later; your answers stay."))


def taken(category: str) -> Param:
    """What is said the moment a complaint was sent."""
    severity = CATEGORIES[category].severity
    if severity >= DANGER:
        return _("It has reached the desk.")
    if severity >= GRAVE:
        return _("We are sorry for what happened.")
    return _("Thank you for telling us.")


def _number(chat: Chat) -> str:
    return persian_digits(chat.emergency_number)
