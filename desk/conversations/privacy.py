"""What is held of a chat itself, and erasing it: its row is deleted; only its counts stay, under a keyed hash."""

from __future__ import annotations

from sqlalchemy import delete

from desk.conversations.limits import keep_running
from desk.conversations.models import Conversation
from desk.parts import ErasedKind, Fate, Kept, Leaving, Privacy
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.tombstones import actions as tombstones

_chats = table_of(Conversation)


def _erase(session: WriteSession, leaving: Leaving) -> None:
    leaving.bounds_stay = keep_running(session, conversation_id=leaving.conversation_id, now=leaving.now)
    session.execute(delete(_chats).where(_chats.c.id == leaving.conversation_id))
    tombstones.note(session, kind=ErasedKind.CHAT, ids=[leaving.conversation_id])


_OF_EVERY_UPDATE = Kept("which update of which bot was heard; nothing tells whose it was")

PRIVACY = Privacy(
    columns={
        "conversations.channel": Fate.DELETED,
        "conversations.bot": Fate.DELETED,
        "conversations.chat_mark": Fate.DELETED,
        "conversations.chat_sealed": Fate.DELETED,
        "conversations.locale": Fate.DELETED,
        "conversations.state_sealed": Fate.DELETED,
        "heard_updates.channel": _OF_EVERY_UPDATE,
        "heard_updates.bot": _OF_EVERY_UPDATE,
        "heard_updates.update_id": _OF_EVERY_UPDATE,
        "heard_updates.reason": _OF_EVERY_UPDATE,
        "conversations.limits_mark": Fate.DELETED,
        "chat_allowances.mark": Kept("a keyed hash, deleted when the raised limit ends, at most thirty days later"),
        "chat_counters.mark": Kept("a keyed hash, deleted when its limit is over, at most seven days later"),
    },
    erase=_erase,
)
