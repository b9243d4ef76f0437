"""The ways of a transfer, how often one is tried, how long it can be stopped, and which word can be chosen."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from desk.conversations.rules import hour_of
from desk.identity import IdentityKeys, Mark
from desk.outbox.rules import NoticeKind
from desk.people.sealing import sealed_number
from desk.reading.guessing import guesses

MOST_TRIES = 5
"""Tries in one series: of the chat that asks, of a code, and of the chat that has the appointment of the code."""
CHAT_SERIES = timedelta(hours=24)
"""The series of the chat that asks."""
CODE_SERIES = timedelta(days=7)
"""The series of a code, and of the chat that has its appointment: many chats together have no more tries than one."""
OBJECTION = timedelta(hours=24)
"""How long the earlier chat can stop a transfer that was made by the word, at least; complaints wait as long."""
KEPT = timedelta(days=30)
"""How long is kept which chat went over to which."""
CODE_LENGTH = 8
"""Digits of a code from the counter."""
CODE_LIVES = timedelta(minutes=15)
"""How long such a code works."""
WORD_LENGTH = range(6, 41)
"""Letters and digits of a word."""
FEWEST_GUESSES = 10**6
"""A word that is found with fewer tries than these is a name, a year, a row of keys or a few letters. Five can be tried
a week."""
_TELEPHONE = re.compile(r"(?:(?:0098|98|0)?9\d{9}|(?:0093|93|0)?7\d{8})")
"""A number of a mobile telephone of Iran or Afghanistan."""


class TransferWay(StrEnum):
    """How the person showed that it is theirs."""

    WORD = "word"
    """By a code, the number of the paper, and the word that only they know."""
    COUNTER = "counter"
    """By the original paper at the counter."""


class TransferState(StrEnum):
    """Whether a transfer can still be stopped."""

    OPEN = "open"
    SETTLED = "settled"
    UNDONE = "undone"


class KeptOfTwo(StrEnum):
    """Which of two appointments for one person and service stays, where a transfer is stopped."""

    BEFORE = "before"
    """The one that went over."""
    SINCE = "since"
    """The one that the earlier chat has booked since."""


class TransferNotice(NoticeKind):
    """The messages about a transfer."""

    AWAY = "transfer_away"
    """To the earlier chat: what it had went over."""
    BACK = "transfer_back"
    """To the later chat: the earlier one said that it was not them."""
    CASES = "transfer_cases"
    """To the later chat: complaints and questions have come too."""


def sealed_word(typed: str) -> str:
    """The letters and digits of a word that are hashed; spaces, dots and forms of letters make no difference."""
    return sealed_number(typed)


def is_a_word(typed: str, *, names: Iterable[str], endings: Iterable[str] = ()) -> bool:
    """Whether this can be chosen: long enough, hard to guess, and none of these names, which others know too.

    Nor is it a telephone number, or a number that ends as a paper of the chat does (`endings`): the word stands against
    those who have held the paper.
    """
    word = sealed_word(typed)
    if len(word) not in WORD_LENGTH or len(set(word)) < 3:
        return False
    if word.isdigit() and (_TELEPHONE.fullmatch(word) or word.endswith(tuple(endings))):
        return False
    known = {sealed_word(part) for name in names for part in (name, *name.split())}
    return all(word not in name for name in known) and guesses(word.lower(), knows=known) >= FEWEST_GUESSES


def marked_word(whose: str, typed: str, keys: IdentityKeys) -> tuple[Mark, ...]:
    """The keyed hash of a word, to be stretched (`desk.identity`); the same word of another chat has another."""
    return keys.marks("word", f"{whose}:{sealed_word(typed)}")


def can_be_stopped_until(now: datetime) -> datetime:
    """The end of the time to object of a transfer that is made now; a whole hour, as all that is kept of a chat."""
    return hour_of(now) + OBJECTION + timedelta(hours=1)
