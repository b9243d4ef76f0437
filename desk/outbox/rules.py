"""The recipient of a message, its states, and when a failed one is tried again."""

from __future__ import annotations

from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import NamedTuple

LEASE = timedelta(seconds=60)
LONGEST_WAIT = timedelta(minutes=5)


class Recipient(NamedTuple):
    """The chat that a message goes to: the name of the messenger, the name of the bot, and the id of the
    conversation."""

    channel: str
    bot: str
    conversation_id: int


class NoticeKind(StrEnum):
    """The kind of a message; each subject lists its own in a subclass, and the outbox stores the value.

    The bot has a composer for each kind.
    """


class Lane(IntEnum):
    """Replies go before bulk, so that many reminders do not delay an answer."""

    REPLY = 0
    BULK = 1


class DeliveryState(StrEnum):
    OPEN = "open"
    CLAIMED = "claimed"
    SENT = "sent"
    DEAD = "dead"
    DROPPED = "dropped"
    """Not sent because it was no longer true."""


def wait_before(tries: int, *, jitter: float) -> timedelta:
    """The time to wait after the `tries`-th failure: doubled each time, up to five minutes.

    `jitter` in 0..1 spreads messages that failed together.
    """
    doubled = timedelta(seconds=2 ** min(tries, 9))
    return min(doubled, LONGEST_WAIT) * (0.75 + 0.5 * jitter)
