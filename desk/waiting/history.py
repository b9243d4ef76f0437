"""The history of standing requests and of priority classes: events with ids and words of vocabularies."""

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
    """How many days of waiting are counted more; not why."""


class ClassEvent(StrEnum):
    """The kinds of event of a priority class."""

    SAVED = "priority_class.saved"
    GIVEN = "priority_class.given"
    TAKEN = "priority_class.taken"


def class_subject(class_id: int) -> str:
    """The subject of events about this class."""
    return f"priority_class:{class_id}"


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
