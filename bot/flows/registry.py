"""All conversations of the bot: by name, by the payload of a link, and as the engine wants them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bot.dialogue.engine import Flows
from bot.dialogue.flow import AnyFlow
from bot.dialogue.questions import Go
from bot.flows import refusals
from bot.flows.appointments import book, move, turns
from bot.flows.cases import ask, complain, follow
from bot.flows.catalogue import checklist, services
from bot.flows.conversations import menu, settings, welcome

FLOWS: Final[Mapping[str, AnyFlow]] = {
    module.flow.name: module.flow
    for module in (welcome, menu, book, services, checklist, turns, move, complain, follow, ask, settings)
}

LINKS: Final[Mapping[str, Callable[[str], Go]]] = {
    "s": lambda code: Go("services", code),
    "o": lambda code: Go("book", f"office.{code}"),
    "b": lambda code: Go("book", f"of.{code}"),
    "c": lambda category: Go("complain", category),
}
"""By the first letter of a payload: a service's card, a turn at an office, a turn for a service, a complaint."""


def payload(text: str) -> Go | None:
    """The flow behind a deep link: `s_<service code>`, `o_<office code>`, `b_<service code>`, `c` or `c_<category>`.

    None for anything else; what it names is looked up by the flow itself, and may not exist.
    """
    sort, _underscore, rest = text.partition("_")
    link = LINKS.get(sort)
    return link(rest) if link is not None and (rest or sort == "c") else None


def conversation() -> Flows:
    """Everything the engine needs."""
    return Flows(flows=FLOWS, apology=refusals.apologise, payload=payload)
