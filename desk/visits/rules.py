"""The honest outcomes of a visit."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    SERVED = "served"
    COME_BACK = "come_back"
    ABSENT = "absent"
