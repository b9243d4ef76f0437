"""The outcomes of a visit, and the notices about them."""

from __future__ import annotations

from enum import StrEnum

from desk.outbox.rules import NoticeKind


class Outcome(StrEnum):
    SERVED = "served"
    COME_BACK = "come_back"
    ABSENT = "absent"


class VisitNotice(NoticeKind):
    """The notices about a visit."""

    SERVED = "visit_served"
    ABSENT = "visit_absent"
    COME_BACK = "visit_come_back"
    UNDONE = "visit_undone"
