"""What claims hold of people: the chat that holds a place; erasing releases it."""

from __future__ import annotations

from desk.parts import Fate, Kept, Leaving, Privacy
from desk.places.actions import release
from desk.storage.base import WriteSession


def _erase(session: WriteSession, leaving: Leaving) -> None:
    release(session, actor=leaving.actor)


PRIVACY = Privacy(
    columns={
        "claims.conversation_id": Fate.DELETED,
        "claims.holder": Kept(
            "the id of what the place is kept for, which the subject it belongs to gives back; a place that rests has "
            "that of an appointment, which names nobody any more"
        ),
    },
    erase=_erase,
)
