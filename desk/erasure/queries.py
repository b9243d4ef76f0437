"""Counting what is held about a chat."""

from __future__ import annotations

from sqlalchemy.orm import Session

from desk.erasure.rows import Held
from desk.subjects import privacy


def what_is_held(session: Session, *, conversation_id: int) -> Held:
    """Count what is held about this chat; a case filed under nobody cannot be counted."""
    counts: dict[str, int] = {}
    for subject in privacy():
        if subject.count is not None:
            counts |= subject.count(session, conversation_id)
    return Held(counts)
