"""What a chat may do with places: hold one while the person answers, and release it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from desk.conversations.chat import Chat
from desk.places import actions


def hold(chat: Chat, slot_id: int, *, others: Sequence[int] = (), service_id: int) -> datetime:
    """Hold the place while the person answers, until the returned instant; for a household one of each of `others` too.

    Raises:
        SlotTaken, QuotaUsedUp, SlotPassed, TooFarAhead, NotBookable, ServiceNotOffered, KeptLongEnough, HeldTooOften.
    """
    return actions.hold(
        chat.writing,
        actor=chat.actor,
        slot_id=slot_id,
        others=others,
        service_id=service_id,
        limits=chat.limits,
        now=chat.now,
    )


def release(chat: Chat) -> None:
    """Release the held place."""
    actions.release(chat.writing, actor=chat.actor)
