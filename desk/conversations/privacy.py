"""What is held of a chat itself, and erasing it: its row is deleted; only its used-up limits stay for a day."""

from __future__ import annotations

from sqlalchemy import delete

from desk.conversations.models import Conversation
from desk.conversations.rests import keep_rest, mark_of
from desk.parts import Fate, Kept, Leaving, Privacy
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_chats = table_of(Conversation)


def _erase(session: WriteSession, leaving: Leaving) -> None:
    if leaving.key:
        mark = mark_of(channel=leaving.channel, bot=leaving.bot, chat=leaving.chat, key=leaving.key)
        leaving.bounds_stay = keep_rest(session, conversation_id=leaving.conversation_id, mark=mark, now=leaving.now)
    session.execute(delete(_chats).where(_chats.c.id == leaving.conversation_id))


_OF_EVERY_UPDATE = Kept("which update of which bot was heard; nothing tells whose it was")

PRIVACY = Privacy(
    columns={
        "conversations.channel": Fate.DELETED,
        "conversations.bot": Fate.DELETED,
        "conversations.chat": Fate.DELETED,
        "conversations.locale": Fate.DELETED,
        "conversations.state": Fate.DELETED,
        "heard_updates.channel": _OF_EVERY_UPDATE,
        "heard_updates.bot": _OF_EVERY_UPDATE,
        "heard_updates.update_id": _OF_EVERY_UPDATE,
        "heard_updates.reason": _OF_EVERY_UPDATE,
        "chat_rests.mark": Kept("sealed, and deleted after a day, so that erasing is no way around the bounds"),
    },
    erase=_erase,
)
