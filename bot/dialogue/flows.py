"""The set of all flows, with those that the engine itself needs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from bot.dialogue.flow import AnyFlow
from bot.dialogue.questions import Apology, Go
from bot.dialogue.wishing import NO_DESTINATIONS, Destinations
from desk.codes import TrackingCode
from desk.conversations.chat import Chat


@dataclass(frozen=True, slots=True)
class Flows:
    """All flows of the bot.

    `welcome` comes first for people who have not chosen a language or consented. `payload` turns the payload of a deep
    link into a flow. `destinations` leads from free text into flows. `codes` are the tracking codes that a chat knows
    as its own. `language`, `desk` and `copy_wanted` are the flows behind words and buttons that work everywhere;
    `words_to_desk` is the one to which words lead that were written where nothing asked for them.
    """

    flows: Mapping[str, AnyFlow]
    apology: Apology
    payload: Callable[[str], Go | None]
    language: Go
    desk: Go
    words_to_desk: Go
    copy_wanted: Go
    destinations: Destinations = NO_DESTINATIONS
    codes: Callable[[Chat], Collection[TrackingCode]] = lambda _chat: ()
    welcome: Go = field(default=Go("welcome"))
