"""What signs hold of a chat: numbers without a name, which erasing deletes."""

from __future__ import annotations

from sqlalchemy import delete, select

from desk.parts import Fate, Kept, Leaving, Privacy
from desk.signs.models import ChatWithSigns, Sign
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_chats, _signs = table_of(ChatWithSigns), table_of(Sign)


def _erase(session: WriteSession, leaving: Leaving) -> None:
    mine = _chats.c.conversation_id == leaving.conversation_id
    session.execute(delete(_signs).where(_signs.c.chat_id.in_(select(_chats.c.id).where(mine))))
    session.execute(delete(_chats).where(mine))


PRIVACY = Privacy(
    columns={
        "chats_with_signs.conversation_id": Fate.DELETED,
        "chats_with_signs.judgement": Fate.DELETED,
        "chats_with_signs.looked_by": Kept("who of the staff looked; deleted with the row all the same"),
        "chat_signs.kind": Fate.DELETED,
    },
    erase=_erase,
)
