"""What is given to the actions by which staff close and open days of queues, where they are tried."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from desk.acting import SYSTEM, Actor
from desk.capacity import actions as capacity
from desk.capacity.models import ExceptionKind
from desk.closings.actions import close, undo
from desk.closings.stopping import stop_line
from desk.storage.base import WriteSession
from tests.makers import NOW, TODAY
from tests.makers_closings import closing_of

DAY = TODAY + timedelta(days=2)


def _undo_closed(session: WriteSession, *, closed: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Take back what the system has closed."""
    undo(session, change_id=close(session, **closed, actor=SYSTEM, now=NOW), actor=actor, now=now)


Given = Callable[[Any], dict[str, Any]]
OF_DAYS: dict[Callable[..., Any], tuple[Callable[..., Any], Given]] = {
    capacity.set_exception: (
        capacity.set_exception,
        lambda place: {"queue_id": place.queue, "day": DAY, "kind": ExceptionKind.CLOSED},
    ),
    capacity.clear_exception: (capacity.clear_exception, lambda place: {"queue_id": place.queue, "day": DAY}),
    close: (close, lambda place: closing_of([place.queue], day=DAY)),
    undo: (_undo_closed, lambda place: {"closed": closing_of([place.queue], day=DAY)}),
}
"""The action, what is done to try it, and what that is given at a place."""

STOPS: dict[Callable[..., Any], Given] = {
    stop_line: lambda place: {
        "key": f"stop:{place.office.id}",
        "office_id": place.office.id,
        "until": 1439,
        "reason": "x",
    },
}
"""Who plans an office and records there too."""
