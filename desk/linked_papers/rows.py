"""The question which of two appointments stays, as a chat sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.appointments.rows import AppointmentRow
from desk.linked_papers.rules import ChoiceState


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichStays:
    """Two appointments of one person and service; of another chat's nothing but the id is known here."""

    id: int
    state: ChoiceState
    is_open: bool
    until: datetime | None
    """When the earlier stays without an answer; None = nothing happens without one."""
    earlier_id: int
    later_id: int
    mine: tuple[AppointmentRow, ...]
    """Those of the chat, the earlier before the later: one or both."""

    @property
    def is_of_this_chat(self) -> bool:
        """Whether both are the chat's, so that one of them has to be given back."""
        return len(self.mine) > 1

    @property
    def elsewhere(self) -> int | None:
        """The id of the one that another chat has, or none; None where both are this chat's."""
        return None if self.is_of_this_chat else self.other_than(self.mine[0].id)

    def other_than(self, appointment_id: int) -> int:
        """The id of the other of the two."""
        return self.later_id if appointment_id == self.earlier_id else self.earlier_id
