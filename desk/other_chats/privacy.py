"""What is held of two chats of one person, and erasing it with either: the connection goes, and so does a code."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from desk.other_chats.actions import cut, remove_code
from desk.other_chats.queries import other_of
from desk.outbox import instead
from desk.parts import Fate, Leaving, Privacy
from desk.storage.base import WriteSession


def _count(session: Session, conversation_id: int) -> Mapping[str, int]:
    return {"other_chats": int(other_of(session, conversation_id=conversation_id) is not None)}


def _erase(session: WriteSession, leaving: Leaving) -> None:
    remove_code(session, actor=leaving.actor)
    cut(session, actor=leaving.actor, now=leaving.now)
    instead.give_all_back(session, told_in=leaving.conversation_id)


PRIVACY = Privacy(
    columns={
        "other_chats.conversation_id": Fate.DELETED,
        "other_chats.other_id": Fate.DELETED,
        "other_chat_codes.conversation_id": Fate.DELETED,
        "other_chat_codes.mark": Fate.DELETED,
    },
    count=_count,
    erase=_erase,
)
