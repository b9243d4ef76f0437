"""The job that deletes unfinished answers; only the bot knows the shape of drafts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.dialogue.chat_state import ChatState
from desk.conversations import actions
from desk.parts import Job
from desk.storage.base import WriteSession

ANSWERS_KEPT = timedelta(days=30)
"""How long after the chat's last message they are kept: as long as drafts of staff."""


def forget_answers(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete unfinished answers that people did not come back to, such as a complaint that was not sent."""

    def emptied(state: dict[str, Any]) -> dict[str, Any]:
        return ChatState.load(state).without_answers().dump()

    return actions.forget_answers(session, before=now - ANSWERS_KEPT, emptied=emptied, limit=limit)


JOBS = (Job(name="forget_answers", every=timedelta(hours=6), run=forget_answers, batch=200),)
