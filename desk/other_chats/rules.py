"""How long a code that connects two chats works, from when they are connected, and when the other chat is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.outbox.quiet import after_the_night
from desk.outbox.rules import NoticeKind
from desk.transfers.rules import can_be_stopped_until

CODE_LIVES = timedelta(minutes=15)
"""How long a code works, at least; then until a quarter of an hour is full."""
NEAR = timedelta(hours=3)
"""An appointment that begins within this time is near: what is said of it waits less."""

SEVERAL_FAIL = 3
"""Where messages to so many chats fail, their messenger does, and what waits behind them waits for it."""


class OtherChatNotice(NoticeKind):
    """The messages about the connection itself; they never go to the other chat."""

    MADE = "other_chat_made"
    """To the chat that showed the code: another one typed it."""
    WORKS = "other_chat_works"
    """To both, when the connection begins to work: a day after the first was told."""
    CUT = "other_chat_cut"
    """To the chat that did not cut it, or did not erase."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a message that its messenger does not take waits until it goes to the other chat."""

    usual: timedelta = timedelta(minutes=30)
    near: timedelta = timedelta(minutes=5)
    """Where it speaks of an appointment that is near."""

    @classmethod
    def of(cls, usual: timedelta) -> Patience:
        """With this usual time, which what is near never exceeds."""
        return cls(usual, min(usual, cls().near))


USUAL_PATIENCE = Patience()


def code_holds_until(now: datetime) -> datetime:
    """The end of a code that is shown now: a whole quarter of an hour, as all that is kept of a chat is coarse."""
    earliest = now + CODE_LIVES
    begun = earliest.replace(minute=earliest.minute // 15 * 15, second=0, microsecond=0)
    return begun if begun == earliest else begun + timedelta(minutes=15)


def works_from(now: datetime) -> datetime:
    """From when a connection works of which a chat is told now: a day later, by day, so that each can cut it before."""
    return after_the_night(can_be_stopped_until(now))
