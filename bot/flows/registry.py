"""Collects all conversations from the folders of the subjects; nothing is registered by hand.

Every file of a subject's folder is read: its `flow` is a conversation, its `APOLOGIES` the words for refusals, its
`NOTICES` the composers of messages, its `LINKS` the deep links (`bot.flows.tables`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, Final

from bot import flows
from bot.dialogue.engine import Flows
from bot.dialogue.flow import AnyFlow, Flow
from bot.dialogue.questions import Go, Sorry
from bot.flows import known_codes
from bot.flows.cases import ask
from bot.flows.conversations.wishes import DESTINATIONS
from bot.flows.tables import Compose, Links
from desk.refusals import Refusal


def _files() -> Iterator[ModuleType]:
    """Every file in the folder of a subject."""
    for subject in iter_modules(flows.__path__, f"{flows.__name__}."):
        if subject.ispkg:
            folder = import_module(subject.name)
            for file in iter_modules(folder.__path__, f"{folder.__name__}."):
                yield import_module(file.name)


FILES: Final = tuple(_files())


def gathered(name: str, *, files: tuple[ModuleType, ...] = FILES) -> dict[Any, Any]:
    """The tables called `name` of all files as one. Raises `ValueError` where two of them hold the same key."""
    whole: dict[Any, Any] = {}
    for file in files:
        table = vars(file).get(name, {})
        if twice := whole.keys() & table.keys():
            raise ValueError(f"{name} of {file.__name__} says once more: {sorted(map(str, twice))}")
        whole |= table
    return whole


FLOWS: Final[Mapping[str, AnyFlow]] = {
    file.flow.name: file.flow for file in FILES if isinstance(vars(file).get("flow"), Flow)
}
"""By name: the conversations."""

APOLOGIES: Final[Mapping[type[Refusal], Callable[[Any], Sorry]]] = gathered("APOLOGIES")
"""The words for each refusal that a conversation can meet."""

NOTICES: Final[Mapping[str, Compose]] = gathered("NOTICES")
"""By the name that the row of the outbox carries: what composes it."""

LINKS: Final[Links] = gathered("LINKS")
"""By the first letters of a payload: the flow that it opens."""


def apologise(refusal: Exception) -> Sorry | None:
    """The words for a refusal; None = there are none, which is an error of ours."""
    words_for = APOLOGIES.get(type(refusal)) if isinstance(refusal, Refusal) else None
    return words_for(refusal) if words_for else None


def payload(text: str) -> Go | None:
    """The flow of a deep link: letters that name the link, then an underscore and its argument.

    None for anything else. The flow itself looks the argument up, which may not exist.
    """
    sort, _underscore, rest = text.partition("_")
    link = LINKS.get(sort)
    return link(rest) if link is not None else None


def conversation() -> Flows:
    """Everything the engine needs."""
    return Flows(
        flows=FLOWS,
        apology=apologise,
        payload=payload,
        language=Go("settings", "language"),
        desk=Go("ask"),
        words_to_desk=ask.WITH_WORDS,
        copy_wanted=Go("complain", "COPY_DEMAND"),
        destinations=DESTINATIONS,
        codes=known_codes.of,
    )
