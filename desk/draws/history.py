"""The history of draws and of their settings: who prepared, announced, typed and revealed what, and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from desk.acting import Actor
from desk.events import actions as events
from desk.storage.base import WriteSession

SUBJECT = "draw:"
SETTING = "draw_setting:"


class DrawEvent(StrEnum):
    """The kinds of event of a draw."""

    SETTING = "draw_setting.changed"
    PREPARED = "draw.prepared"
    WORD_COMMITTED = "draw.word_committed"
    ANNOUNCED = "draw.announced"
    FROZEN = "draw.frozen"
    FIGURE_TYPED = "draw.figure_typed"
    WORD_REVEALED = "draw.word_revealed"
    SEED_READ = "draw.seed_read"
    """Somebody read the system's part before the published hour."""
    DRAWN = "draw.drawn"
    OVER = "draw.over"
    NOT_HELD = "draw.not_held"


def note(
    session: WriteSession,
    kind: DrawEvent,
    *,
    draw_id: int,
    province_code: str,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """Write one event of a draw."""
    events.note(
        session,
        kind=kind,
        subject=f"{SUBJECT}{draw_id}",
        actor=actor,
        province_code=province_code,
        data=dict(data or {}),
        now=now,
    )
