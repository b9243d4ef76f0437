"""The tables of questions that wait for an answer, of counts of answers, and of what provinces say about asking."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from desk.afterwards.rules import EARLIEST, LATEST
from desk.storage.base import Base, BigInt

TOLD_AND_SO = {
    "served_told": "not_served",
    "paid_told": "overpaid",
    "receipt_told": "no_receipt",
    "marked_told": "unmarked",
    "copy_told": "copied",
    "respect_told": "disrespected",
    "elsewhere_told": "sent_elsewhere",
    "compared": "recorded_otherwise",
}
"""The columns of the counts: how many said something, and how many of them that it was so."""


class AfterQuestion(Base):
    """A visit that a chat was asked about; a chat has one within a week, so it is never asked twice in one.

    The visit is emptied when it is answered or the question is waved away, alike: nothing says which of the two, and
    the answers are nowhere but in the counts. The row is deleted after `OPEN_FOR`.
    """

    __tablename__ = "after_questions"

    conversation_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("conversations.id"), primary_key=True, autoincrement=False
    )
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"), unique=True)
    asked_on: Mapped[date]


class AfterCounts(Base):
    """How many of the visitors of an office in a solar month said what; which visits those were is not known."""

    __tablename__ = "after_counts"
    __table_args__ = (
        *(
            CheckConstraint(f"{so} >= 0 AND {so} <= {told} AND {told} <= answered", name=so)
            for told, so in TOLD_AND_SO.items()
        ),
        {"sqlite_with_rowid": False},
    )

    office_id: Mapped[int] = mapped_column(BigInt, ForeignKey("offices.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    """The first day of the solar month of the visits."""
    answered: Mapped[int] = mapped_column(default=0)
    served_told: Mapped[int] = mapped_column(default=0)
    not_served: Mapped[int] = mapped_column(default=0)
    """The clerk had recorded that it was done."""
    paid_told: Mapped[int] = mapped_column(default=0)
    overpaid: Mapped[int] = mapped_column(default=0)
    receipt_told: Mapped[int] = mapped_column(default=0)
    no_receipt: Mapped[int] = mapped_column(default=0)
    marked_told: Mapped[int] = mapped_column(default=0)
    unmarked: Mapped[int] = mapped_column(default=0)
    copy_told: Mapped[int] = mapped_column(default=0)
    copied: Mapped[int] = mapped_column(default=0)
    respect_told: Mapped[int] = mapped_column(default=0)
    disrespected: Mapped[int] = mapped_column(default=0)
    elsewhere_told: Mapped[int] = mapped_column(default=0)
    sent_elsewhere: Mapped[int] = mapped_column(default=0)
    compared: Mapped[int] = mapped_column(default=0, server_default="0")
    """Said something that the clerk's record of the closing says too."""
    recorded_otherwise: Mapped[int] = mapped_column(default=0, server_default="0")


class AfterSetting(Base):
    """Whether the visitors of the offices of a province are asked, and at which hour; no row = as usual."""

    __tablename__ = "after_settings"
    __table_args__ = (CheckConstraint(f"ask_at >= {EARLIEST} AND ask_at <= {LATEST}", name="ask_at"),)

    province_code: Mapped[str] = mapped_column(String(5), ForeignKey("provinces.code"), primary_key=True)
    is_on: Mapped[bool]
    ask_at: Mapped[int] = mapped_column(SmallInteger)
    """In minutes after local midnight."""
