"""Where a message goes, the states it passes on its way, and when a failed one is tried again."""

from __future__ import annotations

from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import NamedTuple

LEASE = timedelta(seconds=60)
LONGEST_WAIT = timedelta(minutes=5)


class Address3(NamedTuple):
    """One chat of one bot: `channel` is telegram or bale, `bot` the name of the bot, `chat` its id there."""

    channel: str
    bot: str
    chat: str


class NoticeKind(StrEnum):
    """What a message tells. Each subject lists its own as members of a subclass; a row of the outbox carries the value.

    Whoever words messages has a composer for each of them.
    """


class Lane(IntEnum):
    """Replies go before bulk, so that a wave of reminders never delays an answer."""

    REPLY = 0
    BULK = 1


class State(StrEnum):
    OPEN = "open"
    CLAIMED = "claimed"
    SENT = "sent"
    DEAD = "dead"
    DROPPED = "dropped"
    """Not sent because it was no longer true when its time came."""


def wait_before(tries: int, *, jitter: float) -> timedelta:
    """How long to wait after the `tries`-th failure; doubles to five minutes; `jitter` in 0..1 spreads rivals."""
    doubled = timedelta(seconds=2 ** min(tries, 9))
    return min(doubled, LONGEST_WAIT) * (0.75 + 0.5 * jitter)
