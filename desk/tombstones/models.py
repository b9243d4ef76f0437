"""The tables of tombstones: those that wait to be written into the file, and how far the file was then."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from desk.storage.base import Base, Id, RandomId
from desk.storage.encryption import MARK
from desk.tombstones.rules import LENGTH


class Tombstone(Base):
    """Something was erased that the file does not tell yet; deleted once it does, after some seconds."""

    __tablename__ = "tombstones"

    id: Mapped[RandomId]
    key_name: Mapped[str] = mapped_column(String(8))
    mark: Mapped[str] = mapped_column(String(MARK))
    """The keyed hash of what was erased: its kind and its id."""


class TombstoneFile(Base):
    """Up to which line of the file everything is erased in this database; one row at most."""

    __tablename__ = "tombstone_file"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[Id]
    lines: Mapped[int]
    chain: Mapped[str] = mapped_column(String(LENGTH))
