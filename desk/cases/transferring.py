"""Complaints and questions go over to another chat of the same person, with their messages.

A case under «nobody» names no chat: it stays where it is, and is found by its code only.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from desk.cases.models import Case, CaseEntry
from desk.outbox import transferring as messages
from desk.outbox.rules import Recipient
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_cases, _entries = table_of(Case), table_of(CaseEntry)
_CHANGE = (
    update(_cases)
    .where(_cases.c.conversation_id == bindparam("source"), _cases.c.id.in_(bindparam("cases", expanding=True)))
    .values(conversation_id=bindparam("target"))
    .returning(_cases.c.id)
)
_ENTRIES = select(_entries.c.id).where(_entries.c.case_id.in_(bindparam("cases", expanding=True)))
_OF_CHAT = select(_cases.c.id).where(_cases.c.conversation_id == bindparam("chat"))


def ids_of(session: Session, *, conversation_id: int) -> list[int]:
    """The cases of a chat."""
    return list(session.execute(_OF_CHAT, {"chat": conversation_id}).scalars())


def change_chat(session: WriteSession, *, source: int, to: Recipient, case_ids: Sequence[int]) -> list[int]:
    """Give those of these cases that the chat `source` still has to another chat; the ids of those that went over."""
    if not case_ids:
        return []
    given = {"source": source, "target": to.conversation_id, "cases": list(case_ids)}
    moved = list(session.connection().execute(_CHANGE, given).scalars())
    if moved:
        entries = session.connection().execute(_ENTRIES, {"cases": moved}).scalars()
        messages.change_chat(session, source=source, to=to, abouts=[f"entry:{id}" for id in entries])
    return moved
