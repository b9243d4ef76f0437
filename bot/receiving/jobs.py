"""The job that deletes unfinished answers; only the bot knows the shape of drafts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.dialogue.chat_state import ChatState
from desk.conversations import actions
from desk.parts import Job, JobOfPeriod
from desk.storage.base import WriteSession
from desk.storage.scrubbing import ERASED

PRIVATE_KEPT = timedelta(hours=24)
"""How long a chat keeps a complaint that was begun, or a code by which somebody looked, from their first answer on."""


def forget_answers(session: WriteSession, *, before: datetime, limit: int) -> int:
    """Delete unfinished answers that people did not come back to, such as for an appointment."""
    return actions.forget_answers(session, before=before, emptied=_emptied, limit=limit)


def _emptied(state: dict[str, Any]) -> dict[str, Any]:
    return ChatState.load(state).without_answers().dump()


def forget_private(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete complaints that were begun and not sent, and codes by which somebody looked, after a day."""
    done = actions.forget_private(session, before=now - PRIVATE_KEPT, emptied=_emptied, limit=limit)
    if done:
        session.announce(ERASED)
    return done


JOBS = (
    JobOfPeriod(
        name="forget_answers",
        every=timedelta(hours=6),
        period=lambda periods: periods.unfinished,
        old=actions.unfinished,
        run=forget_answers,
        batch=200,
    ),
    Job(name="forget_private", every=timedelta(minutes=15), run=forget_private, batch=200),
)
