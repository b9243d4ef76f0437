"""The table of questions which of two appointments of linked papers stays."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.linked_papers.rules import ChoiceState
from desk.storage.base import Base, Id
from desk.storage.types import UtcDateTime, vocabulary


class AppointmentChoice(Base):
    """Two live appointments of one person and service, on two papers that were linked; the person says which stays."""

    __tablename__ = "appointment_choices"
    __table_args__ = (
        CheckConstraint("earlier_id <> later_id", name="two"),
        *(
            Index(
                f"ix_appointment_choices_{column}",
                column,
                sqlite_where=text("state = 'open'"),
                postgresql_where=text("state = 'open'"),
            )
            for column in ("earlier_id", "later_id")
        ),
    )

    id: Mapped[Id]
    link_id: Mapped[int] = mapped_column(ForeignKey("linked_papers.id"))
    earlier_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"))
    """The one whose time came first when the question was made."""
    later_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"))
    state: Mapped[ChoiceState] = mapped_column(vocabulary(ChoiceState, name="state"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the earlier stays without an answer; None = they are not both of one chat, and nothing happens without an
    answer."""
    over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
