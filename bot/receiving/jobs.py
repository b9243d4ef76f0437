"""Forgetting answers that people have begun and never came back to: what a draft looks like only the bot knows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.dialogue.chat_state import ChatState
from desk.conversations import actions
from desk.parts import Job
from desk.storage.base import WriteSession

ANSWERS_KEPT = timedelta(days=30)
"""From the last word of the chat on: as long as a reply waits that staff have begun."""


def forget_answers(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Drop what people have begun to answer and never came back to, such as a complaint that was not sent."""

    def emptied(state: dict[str, Any]) -> dict[str, Any]:
        return ChatState.load(state).without_answers().dump()

    return actions.forget_answers(session, before=now - ANSWERS_KEPT, emptied=emptied, limit=limit)


JOBS = (Job(name="forget_answers", every=timedelta(hours=6), run=forget_answers, batch=200),)
