"""The declarative base, the naming of constraints, and the two kinds of session."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from sqlalchemy import BigInteger, Connection, Integer, MetaData
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


class _Straight(Session):
    """A session on one connection that sends statements on tables straight to it.

    The ORM's own way there (which bind, which transaction, which events) costs half as much again as the statement.
    It is taken for entities, and from the first of them on that a transaction touches: a savepoint is begun by the
    first statement that goes that way.
    """

    if not TYPE_CHECKING:  # typed as the session's own

        def execute(self, statement, params=None, **how):
            if how or not self._goes_straight() or statement._propagate_attrs:
                return super().execute(statement, params, **how)
            return self.bind.execute(statement, params)

        def scalar(self, statement, params=None, **how):
            return self.execute(statement, params, **how).scalar()

        def scalars(self, statement, params=None, **how):
            return self.execute(statement, params, **how).scalars()

        def connection(self, *given, **how):
            if given or how or not self._goes_straight():
                return super().connection(*given, **how)
            return self.bind

        def _goes_straight(self):
            """Whether the ORM has nothing to do with the transaction yet, nor anything to write first."""
            return not self.in_transaction() and isinstance(self.bind, Connection) and self._is_clean()


class ReadSession(_Straight):
    """A session that only reads; storage rolls it back at the end."""

    @property
    def keys(self) -> Keys:
        """Encrypts, decrypts and marks."""
        return keys_of(self)


class WriteSession(_Straight):
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
