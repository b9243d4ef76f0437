"""The history of a standing request: each change of it is an event with ids and words of vocabularies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from desk.acting import Actor
from desk.events import actions as events
from desk.storage.base import WriteSession

SUBJECT = "standing_request:"


class RequestEvent(StrEnum):
    """The kinds of event of a standing request."""

    ASKED = "standing_request.asked"
    CHANGED = "standing_request.changed"
    """Other days, hours or places are wished."""
    PAUSED = "standing_request.paused"
    RESUMED = "standing_request.resumed"
    OVER = "standing_request.over"
    CLASS_GIVEN = "standing_request.class_given"


def subject_of(request_id: int) -> str:
    """The subject of events and messages about this request."""
    return f"{SUBJECT}{request_id}"


def write_event(
    session: WriteSession,
    *,
    request_id: int,
    kind: RequestEvent,
    actor: Actor,
    office_id: int | None = None,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """Write one change into the history of the request."""
    events.note(
        session,
        kind=kind,
        subject=subject_of(request_id),
        actor=actor,
        office_id=office_id,
        old=old,
        new=new,
        data=data,
        now=now,
    )
