"""What the desk may refuse about keeping a place."""

from __future__ import annotations

from dataclasses import dataclass

from desk.refusals import Refusal


@dataclass(frozen=True)
class KeptLongEnough(Refusal):
    """Places were kept for this chat for as long as one may keep them from others; it can still take a free one."""

    slot_id: int
