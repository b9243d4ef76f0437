"""What a closing is given in tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from desk.capacity.cutting import CutKind, DayCut
from desk.closings.foreseeing import QueueDay
from tests.makers_changes import SUNDAY, WHY

WHOLE = DayCut(kind=CutKind.CLOSE)


def closing_of(queue_ids: Sequence[int], *, by: DayCut = WHOLE, day: date = SUNDAY, days: int = 1) -> dict[str, Any]:
    """These queues on as many days from this one on; everything but who acts."""
    return {
        "key": f"close:{min(queue_ids)}:{day}",
        "days": [QueueDay(id, day + timedelta(days=n)) for id in queue_ids for n in range(days)],
        "by": by,
        "subject": f"queue:{min(queue_ids)}",
        "detail": {"day": day.isoformat(), "until": (day + timedelta(days=days - 1)).isoformat()},
        "reason": WHY,
    }
