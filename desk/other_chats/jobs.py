"""The jobs that give what waits too long to the other chat, and that delete codes that are over."""

from __future__ import annotations

from datetime import datetime, timedelta

from desk.other_chats.falling_back import fall_back_waiting
from desk.other_chats.models import OtherChatCode
from desk.parts import Job
from desk.storage.base import WriteSession
from desk.storage.deleting import delete_some
from desk.storage.upsert import table_of

_codes = table_of(OtherChatCode)
FALLING_BACK = "fall_back_waiting"
"""The job that takes the time of the settings."""


def forget_other_chat_codes(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete codes that nobody can use any more."""
    return delete_some(session, _codes, _codes.c.expires_at <= now, limit=limit)


JOBS = (
    Job(name=FALLING_BACK, every=timedelta(minutes=1), run=fall_back_waiting, batch=200),
    Job(name="forget_other_chat_codes", every=timedelta(hours=1), run=forget_other_chat_codes),
)
