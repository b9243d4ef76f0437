"""The limits of a chat that outlive «erase my data» for a day, stored under a keyed hash.

Without them a person who has used up the code look-ups or the holds of a chat could erase it and go on.
"""

from __future__ import annotations

import hmac
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from desk.conversations.models import ChatRest, Conversation
from desk.conversations.rules import SERIES
from desk.storage.base import WriteSession
from desk.storage.deleting import delete_some
from desk.storage.types import UtcDateTime
from desk.storage.upsert import insert_or_update, table_of

_rests, _chats = table_of(ChatRest), table_of(Conversation)
_BOUNDS = ("code_misses", "first_missed_at", "kept_since")
_MET = select(*_chats.c[_BOUNDS]).where(_chats.c.id == bindparam("id"))
_END_KEEPING = (
    update(_chats)
    .where(_chats.c.id == bindparam("of"), _chats.c.kept_since <= bindparam("before", type_=UtcDateTime()))
    .values(kept_since=None)
)
_KEPT = select(*_rests.c[_BOUNDS]).where(_rests.c.mark == bindparam("mark"))


def mark_of(*, channel: str, bot: str, chat: str, key: bytes) -> str:
    """The keyed hash by which an erased chat is recognised."""
    return hmac.new(key, f"erased chat:{channel}:{bot}:{chat}".encode(), "sha256").hexdigest()


def end_keeping(session: WriteSession, *, conversation_id: int, before: datetime) -> None:
    """Forget a series of holds that began before that moment; it no longer limits the chat."""
    row = {"of": conversation_id, "before": before}
    session.connection().execute(_END_KEEPING, row)


def keep_rest(session: WriteSession, *, conversation_id: int, mark: str, now: datetime) -> bool:
    """Store the limits of a chat that is about to be erased; False where it has used none lately.

    Whether a series of holds is over is not known here: see `end_keeping`.
    """
    found = session.execute(_MET, {"id": conversation_id}).first()
    if found is None:
        return False
    misses, first_missed_at, kept_since = found
    has_missed = misses > 0 and first_missed_at is not None and first_missed_at > now - SERIES
    has_kept = kept_since is not None
    if has_missed or has_kept:
        bounds = {
            "code_misses": misses if has_missed else 0,
            "first_missed_at": first_missed_at if has_missed else None,
            "kept_since": kept_since if has_kept else None,
        }
        session.execute(
            insert_or_update(session, ChatRest, unique=("mark",), updates=(*_BOUNDS, "erased_at")),
            {"mark": mark, "erased_at": now, **bounds},
        )
    return has_missed or has_kept


def bounds_of(session: Session, *, mark: str) -> dict[str, object]:
    """The limits with which an erased chat begins again: its columns that are not empty."""
    found = session.connection().execute(_KEPT, {"mark": mark}).mappings().first()
    return {} if found is None else dict(found)


def forget_rests(session: WriteSession, *, before: datetime, limit: int) -> int:
    """Delete the limits of chats that were erased before that moment; returns their number."""
    return delete_some(session, _rests, _rests.c.erased_at < before, limit=limit)
