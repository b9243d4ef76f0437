"""INSERT … ON CONFLICT for both databases; the only place that knows both dialects.

Each statement is built once: building one takes several times as long as running it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from desk.storage.base import Base


def table_of(model: type[Base]) -> Table:
    """The Core table of a mapped class; statements on it skip the work of the ORM."""
    return cast(Table, model.__table__)


def insert_into(dialect: str, model: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT with ON CONFLICT, in this dialect."""
    return (sqlite.insert if dialect == "sqlite" else postgresql.insert)(table_of(model))


@lru_cache(maxsize=64)
def _insert_if_new(dialect: str, model: type[Base], unique: tuple[str, ...]) -> Insert:
    return insert_into(dialect, model).on_conflict_do_nothing(index_elements=unique or None)


@lru_cache(maxsize=64)
def _inline_if_new(dialect: str, model: type[Base], unique: tuple[str, ...]) -> Insert:
    return _insert_if_new(dialect, model, unique).inline()


def insert_if_new(session: Session, model: type[Base], *, unique: tuple[str, ...] = ()) -> Insert:
    """An INSERT that does nothing on a conflict of the `unique` columns, or without them of any constraint.

    On PostgreSQL it waits for a concurrent transaction. Values are given at execution:
    `session.execute(insert_if_new(session, Office, unique=("code",)).returning(Office.id), {...})`.
    """
    return _insert_if_new(session.get_bind().dialect.name, model, unique)


def insert_many_if_new(session: Session, model: type[Base], *, unique: tuple[str, ...] = ()) -> Insert:
    """The same for many rows, or where no id is needed; it returns nothing."""
    return _inline_if_new(session.get_bind().dialect.name, model, unique)


@lru_cache(maxsize=64)
def _insert_or_update(dialect: str, model: type[Base], unique: tuple[str, ...], updates: tuple[str, ...]) -> Insert:
    new = insert_into(dialect, model)
    return new.on_conflict_do_update(
        index_elements=unique, set_={name: new.excluded[name] for name in updates}
    ).returning(*table_of(model).primary_key)


def insert_or_update(
    session: Session, model: type[Base], *, unique: tuple[str, ...], updates: tuple[str, ...]
) -> Insert:
    """An INSERT that on a conflict of the `unique` columns updates the columns `updates`; it returns the id."""
    return _insert_or_update(session.get_bind().dialect.name, model, unique, updates)
