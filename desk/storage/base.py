"""The declarative base, the constraint names and the two kinds of session."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from sqlalchemy import BigInteger, Integer, MetaData
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

from desk.storage.signals import Change

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

BigInt = BigInteger().with_variant(Integer, "sqlite")
Id = Annotated[int, mapped_column(BigInt, primary_key=True)]


class Base(DeclarativeBase):
    """Every table; constraints are named by one convention so that a migration can find them on both databases."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {}


class ReadSession(Session):
    """A session that looks; storage rolls it back at the end."""


class WriteSession(Session):
    """A session inside the one write transaction; storage commits it, actions never do."""

    def announce(self, topic: str) -> None:
        """Ask storage to tell the subscribers of `topic` once this transaction has been committed."""
        self.info.setdefault("topics", set()).add(topic)

    def changed(self, subject: str, id: int) -> None:
        """Let pages that stay open know, once this is committed, that a row of `subject` is another (or new)."""
        self.info.setdefault("changes", set()).add((subject, id))

    @property
    def changes(self) -> frozenset[Change]:
        """What `changed` was told."""
        return frozenset(self.info.get("changes", ()))

    @property
    def topics(self) -> frozenset[str]:
        return frozenset(self.info.get("topics", ()))
