"""The declarative base, the naming of constraints, and the two kinds of session."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar

from sqlalchemy import BigInteger, Integer, MetaData
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

from desk.storage.encryption import Keys, random_id
from desk.storage.signals import ChangedRow

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

BigInt = BigInteger().with_variant(Integer, "sqlite")
Id = Annotated[int, mapped_column(BigInt, primary_key=True)]
RandomId = Annotated[int, mapped_column(BigInt, primary_key=True, default=random_id)]
"""An id that tells nothing of when its row was written, nor of the rows beside it."""


class Base(DeclarativeBase):
    """The base of every table; constraints are named by one convention, so that migrations find them on both
    databases."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {}


KEYS = "keys"
"""Under this name a session carries the keys that it was opened with."""


def keys_of(session: Session) -> Keys:
    """The keys of a session of either kind, for what reads in both."""
    keys: Keys = session.info[KEYS]
    return keys


class ReadSession(Session):
    """A session that only reads; storage rolls it back at the end."""

    @property
    def keys(self) -> Keys:
        """Encrypts, decrypts and marks."""
        return keys_of(self)


class WriteSession(Session):
    """A session in a write transaction; storage commits it, actions never do."""

    @property
    def keys(self) -> Keys:
        """Encrypts, decrypts and marks."""
        return keys_of(self)

    def announce(self, topic: str) -> None:
        """Tell the subscribers of `topic` after this transaction is committed."""
        self.info.setdefault("topics", set()).add(topic)

    def changed(self, subject: str, id: int, *, office_id: int | None = None, day: date | None = None) -> None:
        """Tell open pages, after the commit, that the row `id` of `subject` is new or has changed, and where."""
        self.info.setdefault("changes", set()).add(ChangedRow(subject, id, office_id, day))

    @property
    def changes(self) -> frozenset[ChangedRow]:
        """The changes reported by `changed`."""
        return frozenset(self.info.get("changes", ()))

    @property
    def topics(self) -> frozenset[str]:
        return frozenset(self.info.get("topics", ()))
