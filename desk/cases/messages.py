"""Finds the case that a message in a chat told about, where somebody replies to the message."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, String, bindparam, cast, literal, select
from sqlalchemy.orm import Session

from desk.cases.models import Case, CaseEntry
from desk.outbox.models import OutboxMessage
from desk.storage.upsert import table_of

_cases, _entries, _messages = table_of(Case), table_of(CaseEntry), table_of(OutboxMessage)
_CASE_OF_MESSAGE: Select[Any] = (
    select(_cases.c.id)
    .join(_entries, _entries.c.case_id == _cases.c.id)
    .join(_messages, _messages.c.about == literal("entry:") + cast(_entries.c.id, String))
    .where(
        _cases.c.conversation_id == bindparam("chat"),
        _messages.c.conversation_id == bindparam("chat"),
        _messages.c.message_id == bindparam("message"),
    )
    .limit(1)
)


def case_of_message(session: Session, *, conversation_id: int, message_id: str) -> int | None:
    """The id of the chat's own case that its message `message_id` told about; None = it told about none."""
    asked = {"chat": conversation_id, "message": message_id}
    found: int | None = session.execute(_CASE_OF_MESSAGE, asked).scalar_one_or_none()
    return found
