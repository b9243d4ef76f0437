"""What a chat may do with a printed slip: look what it ties, and tie it."""

from __future__ import annotations

from desk.conversations.chat import Chat
from desk.walk_ins import actions, queries
from desk.walk_ins.rows import OpenSlip, ScannedSlip


def scanned(chat: Chat, secret: str) -> ScannedSlip | None:
    """The slip with this secret; None = there is none. Nobody is told whose its appointment is before tying it."""
    return queries.scanned(chat.session, secret=secret, conversation_id=chat.conversation.id, now=chat.now)


def by_mark(chat: Chat, mark: str) -> OpenSlip | None:
    """What a slip ties that `scanned` found; None = it has served meanwhile, or another was printed."""
    return queries.by_mark(chat.session, mark=mark)


def tie(chat: Chat, mark: str) -> int:
    """Make the appointment of a slip that `scanned` found this chat's; returns its id.

    Raises SlipTiesNothing, AlreadyHasAppointment, TooManyAppointments, OneWithoutPaper, TooManyCancelled.
    """
    return actions.tie(chat.writing, actor=chat.actor, mark=mark, limits=chat.limits, now=chat.now)
